package dev.jassay.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a command works on.
 *
 * @param name for people
 * @param bytes how many there are, where that is known before reading
 * @param files what must not be written over
 */
record Subject(String name, OptionalLong bytes, List<Path> files) {}
