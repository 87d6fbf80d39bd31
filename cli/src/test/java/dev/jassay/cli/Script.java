package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Runs the scripts of {@code bin} in an environment of nothing but what a test puts there. */
final class Script {
    /** What a run said. */
    record Answer(int exitCode, String output, String error) {}

    /** Of the project. */
    static final Path BIN = Path.of(System.getProperty("jassay.test.home", ""), "bin");

    private Script() {}

    /** Runs a command in a folder, which gets its output too. */
    static Answer run(Path folder, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Path error = folder.resolve("error");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(output.toFile())
                .redirectError(error.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        int exitCode = builder.start().waitFor();
        return new Answer(exitCode, Files.readString(output), Files.readString(error));
    }

    /** Makes a folder of programs that run those of the machine, to be a PATH that has nothing else. */
    static Path makePath(Path folder, String... programs) throws IOException {
        Files.createDirectories(folder);
        for (String name : programs) {
            Path program = Stream.of("/bin", "/usr/bin")
                    .map(bin -> Path.of(bin, name))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow();
            makeProgram(folder.resolve(name), "#!/bin/sh\nexec " + program + " \"$@\"\n");
        }
        return folder;
    }

    /** Writes a program. */
    static Path makeProgram(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        return Files.write(file, text.getBytes(UTF_8));
    }
}
