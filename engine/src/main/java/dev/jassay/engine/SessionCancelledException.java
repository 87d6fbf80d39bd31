package dev.jassay.engine;

/** The session was cancelled. It can only be closed. */
public final class SessionCancelledException extends EngineException {
    private static final long serialVersionUID = 1L;

    SessionCancelledException(String message) {
        super(message);
    }
}
