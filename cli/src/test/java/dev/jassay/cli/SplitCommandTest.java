package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
final class SplitCommandTest {
    @TempDir
    private Path folder = Path.of("");

    private Path file(String name) {
        return folder.resolve(name);
    }

    private Path input(String text) throws IOException {
        return Files.writeString(file("in"), text);
    }

    private Run split(Path input, String... more) {
        return Run.of(Stream.concat(
                        Stream.of(
                                "split", input.toString(), "--valid=" + file("valid"), "--invalid=" + file("invalid")),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    private List<JsonObject> errors() throws IOException {
        return Files.readAllLines(file("errors")).stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
    }

    @Test
    void lines_goWholeToTheirFile_andTheResultIsTold() throws IOException {
        Run run = split(input("{\"a\":1}\r\n{\"a\":}\n\n  {\"a\":2} \n[1\n3"));

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAIL);
        assertThat(run.out()).contains("2 of 5 records are invalid");
        assertThat(file("valid")).hasContent("{\"a\":1}\r\n{\"a\":2} \n3\n");
        assertThat(file("invalid")).hasContent("{\"a\":}\n[1\n");
    }

    @Test
    void sample_splitAndJoined_hasTheSameRecords() throws IOException {
        byte[] sample = SampleTest.bytes(new Sample(20_000, 50, 7, SampleFormat.NDJSON));
        Path input = Files.write(file("in"), sample);
        assertThat(split(input, "--quiet", "--threads=2").exitCode()).isEqualTo(ExitCode.FAIL);

        List<String> valid = lines(file("valid"));
        List<String> invalid = lines(file("invalid"));
        assertThat(invalid).hasSizeBetween(500, 2_000);
        assertThat(Stream.concat(valid.stream(), invalid.stream()).sorted())
                .containsExactlyElementsOf(lines(input).stream().sorted().toList());
        assertThat(Run.of("check", file("valid").toString(), "--quiet").exitCode())
                .isEqualTo(ExitCode.PASS);
        assertThat(Run.of("check", file("invalid").toString()).out()).contains("(100 %)");
    }

    /** Whatever bytes they are. */
    private static List<String> lines(Path file) throws IOException {
        return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1)
                .lines()
                .toList();
    }

    @Test
    void array_becomesTwoArrays() throws IOException {
        split(input("[ {\"a\":1} ,\n nul, {\"a\":\n2} ]"));

        assertThat(file("valid")).hasContent("[\n{\"a\":1},\n{\"a\":\n2}\n]\n");
        assertThat(file("invalid")).hasContent("[\nnul\n]\n");
    }

    @Test
    void files_areMadeEvenWhenEmpty() throws IOException {
        assertThat(split(input("")).exitCode()).isEqualTo(ExitCode.PASS);

        assertThat(file("valid")).isEmptyFile();
        assertThat(file("invalid")).isEmptyFile();
    }

    @Test
    void errors_haveALineForEachInvalidRecord() throws IOException {
        Path schema = Files.writeString(file("schema"), "{\"properties\":{\"a\":{\"type\":\"string\"}}}");
        Path input = Files.write(file("in"), "{\"a\":\"</é\"}\n{\"a\":7,\"é\":1}\n\"\u0000\u0000\"x\n".getBytes(UTF_8));
        byte[] bytes = Files.readAllBytes(input);
        bytes[bytes.length - 5] = (byte) 0xFF;
        Files.write(input, bytes);
        split(input, "--errors=" + file("errors"), "--schema=" + schema);

        List<JsonObject> errors = errors();
        assertThat(errors).hasSize(2);
        assertThat(errors.getFirst().toString())
                .isEqualTo("{\"source\":\"" + input + "\",\"record_index\":1,\"line\":2,\"byte_offset\":13,"
                        + "\"record\":\"{\\\"a\\\":7,\\\"é\\\":1}\",\"violations\":[{\"code\":\"SCHEMA\",\"error_offset\":18,"
                        + "\"instance_pointer\":\"/a\",\"keyword\":\"type\",\"schema_pointer\":\"/properties/a/type\","
                        + "\"message\":\"expected string, found integer 7\"}]}");
        JsonObject second = errors.getLast();
        assertThat(second.has("record")).isFalse();
        assertThat(Base64.getDecoder().decode(second.get("record_base64").getAsString()))
                .isEqualTo(java.util.Arrays.copyOfRange(bytes, 28, bytes.length - 1));
        assertThat(second.getAsJsonArray("violations")).hasSize(1);
    }

    @Test
    void errors_ofARecordThatIsTooLong_haveAllOfIt() throws IOException {
        String record = "{\"a\":\"" + "0123456789".repeat(300_000) + "\"}";
        split(
                input("1\n" + record + "\n2\n"),
                "--errors=" + file("errors"),
                "--max-record-bytes=1000",
                "--source=orders of May");

        JsonObject error = errors().getFirst();
        assertThat(error.get("source").getAsString()).isEqualTo("orders of May");
        assertThat(new String(
                        Base64.getDecoder().decode(error.get("record_base64").getAsString()), UTF_8))
                .isEqualTo(record);
        assertThat(error.getAsJsonArray("violations").toString()).contains("OVERSIZE");
        assertThat(file("invalid")).hasContent(record + "\n");
        assertThat(file("valid")).hasContent("1\n2\n");
    }

    @Test
    void compressedInput_isSplitAsWhatItDecompressesTo() throws IOException {
        Path input = file("in.ndjson.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(input))) {
            out.write("1\nx\n2\n".getBytes(UTF_8));
        }
        split(input);

        assertThat(file("valid")).hasContent("1\n2\n");
        assertThat(file("invalid")).hasContent("x\n");
    }

    @Test
    void existingFile_isKeptUnlessForced() throws IOException {
        Path input = input("1\nx\n");
        Files.writeString(file("invalid"), "precious");

        Run refused = split(input);
        assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err()).contains("is there already").contains("--force");
        assertThat(file("invalid")).hasContent("precious");
        assertThat(file("valid")).doesNotExist();
        assertThat(split(input, "--force").exitCode()).isEqualTo(ExitCode.FAIL);
        assertThat(file("invalid")).hasContent("x\n");
    }

    @Test
    void input_isNeverWrittenOver() throws IOException {
        Path input = input("1\nx\n");
        String[] arguments = {"split", input.toString(), "--force", "--valid=" + file("valid"), "--invalid=" + input};

        Run run = Run.of(arguments);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("is an input");
        assertThat(input).hasContent("1\nx\n");
        assertThat(folder).isDirectoryNotContaining("glob:**.part").isDirectoryNotContaining("glob:**valid");
    }

    @Test
    void oneFileForTwo_isRefused() throws IOException {
        Run run = Run.of("split", input("1\n").toString(), "--valid=" + file("a"), "--invalid=" + folder + "/./a");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("name one file");
    }

    @Test
    void unreadableRest_isTold() throws IOException {
        Run run = split(input("[1,x]  garbage"));

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAIL);
        assertThat(run.err()).contains("from byte 7 on");
        assertThat(file("invalid")).hasContent("[\nx\n]\n");
    }

    @Test
    void endpoint_isUnknown() throws IOException {
        Run run = split(input("1\n"), "--endpoint=localhost:1");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--endpoint");
        assertThat(Run.of("split", "--help").out())
                .contains("ProcessLive", "--threads", "--quiet")
                .doesNotContain("--endpoint", "--state=");
    }

    /** Whatever the config says of calls that are watched. */
    @Test
    void errors_tellViolationsAlways() throws IOException {
        Path config =
                Files.writeString(file("config.json"), "{\"report\": {\"liveViolations\": \"LIVE_VIOLATIONS_NONE\"}}");
        Run run = split(input("01\n"), "--config=" + config, "--errors=" + file("errors"));

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAIL);
        assertThat(file("errors")).content().contains("\"code\":\"SYNTAX\"");
    }

    @Test
    void killedHalfWay_leavesNoFileUnderItsName() throws IOException, InterruptedException {
        try (Launched split = halfWay()) {
            split.signal("KILL");
            assertThat(split.exitCode()).isNotZero();
        }
        assertThat(file("valid")).doesNotExist();
        assertThat(file("invalid")).doesNotExist();
    }

    @Test
    void interruptedHalfWay_leavesNoFileAtAll() throws IOException, InterruptedException {
        try (Launched split = halfWay()) {
            split.signal("INT");
            assertThat(split.exitCode()).isEqualTo(ExitCode.INTERRUPTED);
            assertThat(split.err()).contains("no file was written");
        }
        assertThat(folder).isDirectoryNotContaining("glob:**valid*");
    }

    /** One that has written something, and waits for more. */
    private Launched halfWay() throws IOException, InterruptedException {
        Launched split =
                Launched.start(folder, "split", "-", "--valid=" + file("valid"), "--invalid=" + file("invalid"));
        OutputStream in = split.process().getOutputStream();
        in.write("{\"a\":1}\nx\n".repeat(200_000).getBytes(UTF_8));
        in.flush();
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (partBytes() == 0) {
            assertThat(System.nanoTime()).as("something is written").isLessThan(deadline);
            Thread.sleep(5);
        }
        return split;
    }

    private long partBytes() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".part"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
