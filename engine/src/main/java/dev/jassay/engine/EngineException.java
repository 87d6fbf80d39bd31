package dev.jassay.engine;

/** The engine could not do what it was asked to, for a reason that is no defect of the caller's. */
public abstract sealed class EngineException extends RuntimeException
        permits EngineLoadException,
                MemoryRefusedException,
                SessionCancelledException,
                StateException,
                SchemaException,
                EngineFaultException {
    private static final long serialVersionUID = 1L;

    EngineException(String message) {
        super(message);
    }

    EngineException(String message, Throwable cause) {
        super(message, cause);
    }
}
