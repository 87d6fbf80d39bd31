package dev.jassay.web;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * By what names the server may be addressed. A page of elsewhere can have a name of its own lead to this machine (DNS rebinding), and
 * can send requests here from its visitors' browsers: those tell by {@code Host} and {@code Origin} what they are.
 */
final class AllowedHosts {
    private static final int DEFAULT_PORT = 80;
    private static final String ORIGIN_SCHEME = "http://";

    private final Set<String> names;
    private final boolean any;

    private AllowedHosts(Set<String> names, boolean any) {
        this.names = names;
        this.any = any;
    }

    /**
     * Of a server: the address as it was given and as it is, and the names of the loopback address where it is one; any name where it
     * listens on all addresses.
     *
     * @param port the real one
     */
    static AllowedHosts of(InetSocketAddress listen, int port) {
        InetAddress address = listen.getAddress();
        Set<String> names = new LinkedHashSet<>();
        names.add(authority(listen.getHostString(), port));
        names.add(authority(address.getHostAddress(), port));
        if (address.isLoopbackAddress()) {
            List.of("localhost", "127.0.0.1", "::1").forEach(name -> names.add(authority(name, port)));
        }
        return new AllowedHosts(names, address.isAnyLocalAddress());
    }

    /** Whether a request with this {@code Host} is for the server. */
    boolean allowsHost(String host) {
        return any || names.contains(withPort(host));
    }

    /** Whether a request with this {@code Origin} comes from the server's own page. */
    boolean allowsOrigin(String origin, String host) {
        if (!origin.startsWith(ORIGIN_SCHEME)) {
            return false;
        }
        String from = withPort(origin.substring(ORIGIN_SCHEME.length()));
        return any ? from.equals(withPort(host)) : names.contains(from);
    }

    private static String authority(String host, int port) {
        return (host.contains(":") ? "[" + host + "]" : host).toLowerCase(Locale.ROOT) + ":" + port;
    }

    private static String withPort(String authority) {
        String lower = authority.toLowerCase(Locale.ROOT);
        int colon = lower.lastIndexOf(':');
        boolean hasPort = colon >= 0 && colon > lower.lastIndexOf(']');
        return hasPort ? lower : lower + ":" + DEFAULT_PORT;
    }
}
