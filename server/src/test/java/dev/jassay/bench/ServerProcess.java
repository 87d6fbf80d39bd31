package dev.jassay.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A server in a process of its own. */
final class ServerProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final long POLL_NANOS = 500_000;

    /** How a server tells that it serves. */
    private enum Protocol {
        GRPC,
        HTTP
    }

    private final Process process;
    private final Protocol protocol;
    private final int port;
    private final long startNanos;

    private ServerProcess(ProcessBuilder builder, Protocol protocol, int port, Path log) throws IOException {
        this.protocol = protocol;
        this.port = port;
        builder.redirectErrorStream(true).redirectOutput(Redirect.appendTo(log.toFile()));
        long began = System.nanoTime();
        this.process = builder.start();
        try {
            awaitServing(log);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        this.startNanos = System.nanoTime() - began;
    }

    /** {@code bin/jassay serve}, as a user starts it. */
    static ServerProcess jassay(Options options, Map<String, String> environment) throws IOException {
        int port = freePort();
        ProcessBuilder builder = new ProcessBuilder(
                options.home().resolve("bin/jassay").toString(), "serve", "--listen", "127.0.0.1:" + port);
        builder.environment().remove("JASSAY_JAVA_OPTS");
        builder.environment().putAll(environment);
        return new ServerProcess(builder, Protocol.GRPC, port, log(options, "jassay"));
    }

    /** The same with {@code --http}: its port is that of HTTP. */
    static ServerProcess jassayOverHttp(Options options) throws IOException {
        int port = freePort();
        ProcessBuilder builder = new ProcessBuilder(
                options.home().resolve("bin/jassay").toString(),
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--http",
                "127.0.0.1:" + port);
        builder.environment().remove("JASSAY_JAVA_OPTS");
        return new ServerProcess(builder, Protocol.HTTP, port, log(options, "jassay-http"));
    }

    /** A main class with the same JVM, flags and protocol as another server; its arguments begin with the port. */
    static ServerProcess like(ServerProcess other, String mainClass, Options options, List<String> arguments)
            throws IOException {
        int port = freePort();
        List<String> command = new ArrayList<>(other.javaCommand());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass, Integer.toString(port)));
        command.addAll(arguments);
        return new ServerProcess(new ProcessBuilder(command), other.protocol, port, log(options, mainClass));
    }

    private static Path log(Options options, String name) throws IOException {
        Path folder = Files.createDirectories(options.folder().resolve("logs"));
        return folder.resolve(name + ".log");
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    long pid() {
        return process.pid();
    }

    /** From the start of the process until it said that it serves. */
    long startNanos() {
        return startNanos;
    }

    /** The most memory that the process has had so far. */
    double peakMebibytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid() + "/status")).stream()
                        .filter(line -> line.startsWith("VmHWM:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElseThrow(() -> new IOException("the system does not tell the peak memory of a process"))
                / 1024.0;
    }

    /** The program and the flags before the jar. The cache of classes is another program's. */
    private List<String> javaCommand() throws IOException {
        String commandLine = Files.readString(Path.of("/proc/" + pid() + "/cmdline"));
        return List.of(commandLine.split("\0", -1)).stream()
                .takeWhile(argument -> !argument.equals("-jar"))
                .filter(argument -> !argument.startsWith("-XX:AOT"))
                .toList();
    }

    private void awaitServing(Path log) throws IOException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!accepts()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("the server did not start; see " + log);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        switch (protocol) {
            case GRPC -> {
                try (LoadClient client = new LoadClient(port, Service.JASSAY)) {
                    while (!client.isServing()) {
                        LockSupport.parkNanos(POLL_NANOS);
                    }
                }
            }
            case HTTP -> {
                while (!isHealthy()) {
                    LockSupport.parkNanos(POLL_NANOS);
                }
            }
        }
    }

    private boolean isHealthy() throws IOException {
        HttpURLConnection request = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + "/healthz").toURL().openConnection();
        try {
            return request.getResponseCode() == HttpURLConnection.HTTP_OK;
        } finally {
            request.disconnect();
        }
    }

    private boolean accepts() {
        try (SocketChannel socket = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
