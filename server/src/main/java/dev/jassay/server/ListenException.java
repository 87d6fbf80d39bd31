package dev.jassay.server;

import java.net.BindException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The server cannot listen where it was told to. The message names the address and says what to do. */
public final class ListenException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why not. */
    public enum Reason {
        /** Somebody else listens there. */
        TAKEN,
        /** The address is open to other machines, and the options do not say that the server may be. */
        NOT_LOOPBACK,
        /** The name is unknown, the address is not of this machine, or the port is not allowed. */
        NOT_AVAILABLE
    }

    private final transient InetSocketAddress address;
    private final Reason reason;

    private ListenException(InetSocketAddress address, Reason reason, @Nullable Throwable cause) {
        super(message(address, reason), cause);
        this.address = address;
        this.reason = reason;
    }

    /** Of the failure to bind an address. */
    public static ListenException of(InetSocketAddress address, Throwable cause) {
        // The operating system's error arrives as text only.
        boolean taken = cause instanceof BindException
                && String.valueOf(cause.getMessage()).contains("in use");
        return new ListenException(address, taken ? Reason.TAKEN : Reason.NOT_AVAILABLE, cause);
    }

    static ListenException of(InetSocketAddress address, Reason reason) {
        return new ListenException(address, reason, null);
    }

    public InetSocketAddress address() {
        return address;
    }

    public Reason reason() {
        return reason;
    }

    private static String message(InetSocketAddress address, Reason reason) {
        String place = address.getHostString() + ":" + address.getPort();
        return switch (reason) {
            case TAKEN ->
                "cannot listen on " + place + ": port " + address.getPort()
                        + " is taken; stop who listens there, or choose another port";
            case NOT_LOOPBACK ->
                "will not listen on " + place
                        + " without encryption: other machines can reach it; listen on a loopback address, or allow insecure listening";
            case NOT_AVAILABLE ->
                "cannot listen on " + place + ": choose an address of this machine and a port that you may use";
        };
    }
}
