package dev.jassay.client;

/** Where chunks are read into before they are sent. */
@FunctionalInterface
interface ChunkBuffers {
    /** A buffer that no message still on its way refers to. */
    byte[] next();

    /** One buffer for all chunks: for channels that have written a message out when {@code sendMessage} returns. */
    static ChunkBuffers reused(int chunkBytes) {
        byte[] buffer = new byte[chunkBytes];
        return () -> buffer;
    }

    /** A new buffer for each chunk: for channels that may keep a message, to send it later or again. */
    static ChunkBuffers fresh(int chunkBytes) {
        return () -> new byte[chunkBytes];
    }
}
