package dev.jassay.engine;

/** A state that cannot be merged. The session can only be closed. */
public final class StateException extends EngineException {
    private static final long serialVersionUID = 1L;

    /** What is wrong with a state. */
    public enum Reason {
        /** It is of another version or config than those before it, or its part has come before. */
        INCOMPATIBLE,
        /** It is no state, or not all of one. */
        DAMAGED
    }

    private final Reason reason;

    StateException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
