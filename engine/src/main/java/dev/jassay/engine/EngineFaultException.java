package dev.jassay.engine;

/** A defect of the engine. The session concerned can only be closed; the engine and all other sessions go on. */
public final class EngineFaultException extends EngineException {
    private static final long serialVersionUID = 1L;

    EngineFaultException(String message) {
        super(message);
    }
}
