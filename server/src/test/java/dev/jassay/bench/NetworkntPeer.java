package dev.jassay.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.networknt.schema.OutputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.regex.JDKRegularExpressionFactory;
import com.networknt.schema.regex.JoniRegularExpressionFactory;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Measures networknt's validator on Jackson's trees, as {@code speed measure} measures the others: says {@code ready}; for each line of
 * standard input judges the lines of the file twice by the schema, and says of the second time {@code NANOSECONDS RECORDS}, of which only
 * valid ones are counted. It has judged them for a while before it is ready.
 */
final class NetworkntPeer {
    private static final Duration WARMING = Duration.ofSeconds(5);

    private final Schema schema;
    private final ObjectReader trees = new JsonMapper().reader();
    private final byte[] bytes;

    private NetworkntPeer(byte[] schemaText, byte[] bytes) {
        SchemaRegistryConfig config = SchemaRegistryConfig.builder()
                .formatAssertionsEnabled(false)
                .regularExpressionFactory(new Expressions())
                .build();
        this.schema = SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12, builder -> builder.schemaRegistryConfig(config))
                .getSchema(withoutOldIds(trees.readTree(schemaText)));
        this.schema.initializeValidators();
        this.bytes = bytes;
    }

    /** Some schemas have an {@code id} beside their {@code $id}, which the validator takes for a keyword and does not know. */
    private static JsonNode withoutOldIds(JsonNode schema) {
        if (schema instanceof ObjectNode object && object.path("$id").isString()) {
            object.remove("id");
        }
        schema.forEach(NetworkntPeer::withoutOldIds);
        return schema;
    }

    /** Java's expressions are faster, and joni reads those of ECMAScript. */
    private static final class Expressions implements RegularExpressionFactory {
        @Override
        public RegularExpression getRegularExpression(String expression) {
            try {
                return JDKRegularExpressionFactory.getInstance().getRegularExpression(expression);
            } catch (PatternSyntaxException e) {
                return JoniRegularExpressionFactory.getInstance().getRegularExpression(expression);
            }
        }
    }

    public static void main(String... arguments) throws Exception {
        NetworkntPeer peer =
                new NetworkntPeer(Files.readAllBytes(Path.of(arguments[1])), Files.readAllBytes(Path.of(arguments[0])));
        long began = System.nanoTime();
        do {
            peer.judge();
        } while (System.nanoTime() - began < WARMING.toNanos());
        System.out.println("ready");
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        while (questions.readLine() != null) {
            peer.judge();
            long start = System.nanoTime();
            long valid = peer.judge();
            System.out.println(System.nanoTime() - start + " " + valid);
        }
    }

    private long judge() {
        long valid = 0;
        int from = 0;
        while (from < bytes.length) {
            int end = from;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            if (schema.validate(trees.readTree(bytes, from, end - from), OutputFormat.BOOLEAN)) {
                valid++;
            }
            from = end + 1;
        }
        return valid;
    }
}
