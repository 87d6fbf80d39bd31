package dev.jassay.engine;

/** The engine's memory limit does not allow it. What was reserved before stays reserved until it is closed. */
public final class MemoryRefusedException extends EngineException {
    private static final long serialVersionUID = 1L;

    MemoryRefusedException(String message) {
        super(message);
    }
}
