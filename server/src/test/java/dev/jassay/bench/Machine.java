package dev.jassay.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the figures were taken on. */
record Machine(String processor, int cores, double memoryGibibytes, String kernel, String jdk, String rustc) {
    static Machine read() throws IOException {
        return new Machine(
                value(Path.of("/proc/cpuinfo"), "model name"),
                Runtime.getRuntime().availableProcessors(),
                Long.parseLong(value(Path.of("/proc/meminfo"), "MemTotal").replaceAll("\\D", "")) / (1024.0 * 1024),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vendor.version") + " (" + System.getProperty("java.runtime.version") + ")",
                firstLine("rustc", "--version"));
    }

    /** Of the first line "name: value". */
    private static String value(Path file, String name) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }

    private static String firstLine(String... command) throws IOException {
        Process process = new ProcessBuilder(command).start();
        String line = process.inputReader(UTF_8).readLine();
        return line == null ? "unknown" : line;
    }
}
