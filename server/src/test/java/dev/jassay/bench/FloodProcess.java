package dev.jassay.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Long streams to a server, from a process of their own, from opening to closing. */
final class FloodProcess implements AutoCloseable {
    private final Process process;

    /** Returns once all streams flow. */
    FloodProcess(int port, Path file, int streams, long bytesOfEach) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Flood.class.getName()));
        command.addAll(List.of(
                Integer.toString(port), file.toString(), Integer.toString(streams), Long.toString(bytesOfEach)));
        process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
        if (!"flowing".equals(process.inputReader(UTF_8).readLine())) {
            throw new IOException("the load did not start; standard error tells why");
        }
    }

    /** Cuts the streams. */
    @Override
    public void close() throws IOException {
        boolean flowed = process.isAlive();
        process.destroyForcibly();
        if (!flowed) {
            throw new IOException("the load ended before the measuring did; standard error tells why");
        }
    }
}
