package dev.jassay.engine;

/** What a session makes of the bytes it was fed. */
public enum Progress {
    /** It wants the next bytes of the stream. */
    MORE,
    /** No byte that could still come would change the result: finish. Bytes fed all the same are ignored. */
    DONE
}
