package dev.jassay.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Programs that judge the records of a file by a schema. */
final class Validators {
    private final Options options;

    Validators(Options options) {
        this.options = options;
    }

    /** The engine, as {@code SUBJECT} of {@code speed}. */
    Work jassay(String subject, Path file, Path schema) throws IOException {
        return work(subject, file, schema, List.of(options.speed("target").toString(), "measure", subject));
    }

    /** The crate jsonschema on trees of serde_json. */
    Work jsonschema(String subject, Path file, Path schema) throws IOException {
        Path program = options.home().resolve("rust/peers/schema/target/native/release/jassay-schema-peer");
        return work("jsonschema " + subject, file, schema, List.of(program.toString(), subject));
    }

    /** ajv on what JSON.parse gives. */
    Work ajv(Path file, Path schema) throws IOException {
        Path script = ajvFolder(options).resolve("main.js");
        return work("ajv", file, schema, List.of("node", script.toString()));
    }

    /** Why there is no ajv, if so. */
    static Optional<String> lackOfAjv(Options options) {
        return Files.exists(ajvFolder(options).resolve("node_modules/ajv"))
                ? Optional.empty()
                : Optional.of("ajv needs node and npm");
    }

    private static Path ajvFolder(Options options) {
        return options.home().resolve("rust/peers/ajv");
    }

    /** The validator of networknt on trees of Jackson, on a collector that works in the same thread. */
    Work networknt(Path file, Path schema) throws IOException {
        String classPath = Files.readString(options.home().resolve("server/target/test-classpath"))
                .strip();
        List<String> command = List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-Xms1g",
                "-Xmx1g",
                "-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider",
                "-Dslf4j.internal.verbosity=WARN",
                "-cp",
                options.home().resolve("server/target/test-classes") + System.getProperty("path.separator") + classPath,
                NetworkntPeer.class.getName());
        return work("networknt", file, schema, command);
    }

    private static Work work(String name, Path file, Path schema, List<String> program) throws IOException {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(file.toString(), schema.toString()));
        return new Work(name, command, Map.of(), Files.size(file));
    }
}
