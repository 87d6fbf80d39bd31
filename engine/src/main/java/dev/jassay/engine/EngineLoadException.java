package dev.jassay.engine;

/** The native library is missing, unfit for this platform, or of another version. The message says which file, and what to do. */
public final class EngineLoadException extends EngineException {
    private static final long serialVersionUID = 1L;

    EngineLoadException(String message) {
        super(message);
    }

    EngineLoadException(String message, Throwable cause) {
        super(message, cause);
    }
}
