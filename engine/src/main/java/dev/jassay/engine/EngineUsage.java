package dev.jassay.engine;

/**
 * What is in use at a moment. The figures are read one after the other, not as one snapshot.
 *
 * @param memoryLimit bytes that sessions and reservations of the engine share
 * @param memoryReserved bytes of these that are taken
 * @param plans plans alive in the process, of all engines
 * @param sessions sessions alive in the process, of all engines
 */
public record EngineUsage(long memoryLimit, long memoryReserved, long plans, long sessions) {}
