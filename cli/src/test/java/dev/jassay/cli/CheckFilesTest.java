package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.jassay.v1.FieldProfile;
import dev.jassay.v1.Format;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.Termination;
import dev.jassay.v1.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code check} of several files. */
@NullMarked
final class CheckFilesTest {
    @TempDir
    private Path folder = Path.of("");

    private String file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text).toString();
    }

    private static ProcessResult result(Run run) throws InvalidProtocolBufferException {
        ProcessResult.Builder result = ProcessResult.newBuilder();
        JsonFormat.parser().merge(run.out(), result);
        return result.clearTiming().clearProvenance().build();
    }

    @Test
    void violations_ofSeveralFiles_nameTheirFileAndThePlaceInIt() throws IOException {
        String first = file("a.ndjson", "{\"a\":1}\n{\"a\":x}\n");
        String second = file("b.json", "[1, {\"b\":}]");
        Run run = Run.of("check", first, second, "--output=json");
        ProcessResult result = result(run);

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAIL);
        assertThat(run.err()).isEmpty();
        assertThat(result.getCounts().getRecords()).isEqualTo(4);
        assertThat(result.getCounts().getBytes()).isEqualTo(27);
        assertThat(result.getViolationsList()).extracting(Violation::getSource).containsExactly(first, second);
        assertThat(result.getViolationsList())
                .extracting(Violation::getRecordIndex)
                .containsExactly(1L, 1L);
        assertThat(result.getViolationsList())
                .extracting(Violation::getErrorOffset)
                .containsExactly(13L, 9L);
        assertThat(result.getGroups(1).getFirstRecord()).as("over all").isEqualTo(3);
        assertThat(result.getWarningsList()).isEmpty();
        assertThat(Run.of("check", first, second).out())
                .contains("FAIL  2 files: 2 of 4 records are invalid")
                .contains(first + ":2 (byte 13) /a  SYNTAX ")
                .contains(second + ":1 (byte 9) /b  SYNTAX ");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void result_ofCutPieces_isThatOfTheWholeButForPositions(int threads) throws IOException {
        byte[] sample = SampleTest.bytes(new Sample(6_000, 20, 1, SampleFormat.NDJSON));
        List<String> lines = new String(sample, UTF_8).lines().toList();
        List<String> arguments = new ArrayList<>(List.of("check", "--output=json", "--threads=" + threads));
        for (int piece = 0; piece < 20; piece++) {
            List<String> part = lines.subList(piece * 300, (piece + 1) * 300);
            arguments.add(
                    Files.write(folder.resolve(piece + ".ndjson"), part, UTF_8).toString());
        }
        Path whole = Files.write(folder.resolve("whole.ndjson"), lines, UTF_8);

        ProcessResult pieces = result(Run.of(arguments.toArray(String[]::new)));
        ProcessResult one = result(Run.of("check", whole.toString(), "--output=json"));
        assertThat(pieces.getCounts()).isEqualTo(one.getCounts());
        assertThat(pieces.getGroupsList()).isEqualTo(one.getGroupsList());
        assertThat(withoutEstimates(pieces)).isEqualTo(withoutEstimates(one));
        assertThat(pieces.getViolationsList())
                .extracting(Violation::getMessage)
                .containsExactlyElementsOf(one.getViolationsList().stream()
                        .map(Violation::getMessage)
                        .toList());
    }

    /** Estimates of frequent values depend on the order of merging. */
    private static List<FieldProfile> withoutEstimates(ProcessResult result) {
        return result.getFieldsList().stream()
                .map(field -> field.getTopValuesList().stream().allMatch(value -> value.getExact())
                        ? field
                        : field.toBuilder().clearTopValues().build())
                .toList();
    }

    @Test
    void result_ofAServer_isThatOfThisProcess() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("check", "--output=json"));
        arguments.add(file("a.ndjson", "{\"a\":1}\n{\"a\":x}\n"));
        arguments.add(file("b.json", "[1, {\"b\":}"));
        arguments.add(folder.resolve("gone.json").toString());
        arguments.add(file("c.json", "{]\n7\n"));
        Run here = Run.of(arguments.toArray(String[]::new));
        try (LocalServer server = LocalServer.start()) {
            arguments.addAll(List.of("--endpoint", server.endpoint()));
            Run there = Run.of(arguments.toArray(String[]::new));
            assertThat(result(there)).isEqualTo(result(here));
            assertThat(there.err()).isEqualTo(here.err()).contains("gone.json does not exist");
            assertThat(there.exitCode()).isEqualTo(here.exitCode()).isEqualTo(ExitCode.INPUT);
        }
    }

    @Test
    void file_thatIsTooLongForASlab_aloneInAFolder_keepsItsFormat() throws IOException {
        file("data/large.json", "[" + "1,".repeat(2 << 20) + "x]");
        Run run = Run.of("check", folder.resolve("data").toString(), "--threads=2", "--output=json");
        assertThat(result(run).getFormat()).isEqualTo(Format.FORMAT_ARRAY);
        assertThat(result(run).getSource()).endsWith("large.json");
    }

    @Test
    void file_thatIsLongerThanASlab_isJudgedToo() throws IOException {
        String record = "{\"text\":\"" + "x".repeat(1_000) + "\"}\n";
        String large = file("large.ndjson", record.repeat(5_000) + "{");
        Run run = Run.of("check", file("small.ndjson", "{}\n"), large, "--threads=2", "--output=json");
        assertThat(result(run).getCounts().getRecords()).isEqualTo(5_002);
        assertThat(result(run).getViolations(0).getSource()).isEqualTo(large);
        assertThat(result(run).getViolations(0).getLine()).isEqualTo(5_001);
    }

    @Test
    void folder_isSearchedForKnownEndingsAtAnyDepth() throws IOException {
        String second = file("data/z.ndjson", "2\n");
        String first = file("data/deep/er/a.JSONL", "x\n");
        file("data/notes.txt", "no");
        file("data/.hidden.json", "no");
        file("data/.git/a.json", "no");
        Run run = Run.of("check", folder.resolve("data").toString(), "--output=json");
        assertThat(result(run).getCounts().getRecords()).isEqualTo(2);
        assertThat(result(run).getViolations(0).getSource()).isEqualTo(first);
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void file_thatIsNamedBesideItsFolder_isJudgedOnce() throws IOException {
        String first = file("data/a.json", "7\n");
        Run run = Run.of("check", folder.resolve("data").toString(), first, "--output=json");
        assertThat(result(run).getCounts().getRecords()).isEqualTo(1);
    }

    @Test
    void folder_withoutSuchFiles_isAMistakeOfUsage() throws IOException {
        file("data/notes.txt", "no");
        Run run = Run.of("check", folder.resolve("data").toString());
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("data has no files that end in .json, .ndjson or .jsonl");
    }

    @Test
    void file_thatCannotBeRead_isNamedAndTheOthersAreJudged() throws IOException {
        String gone = folder.resolve("gone.json").toString();
        Run run = Run.of("check", gone, file("a.json", "{}"), "--output=json");
        assertThat(run.exitCode()).isEqualTo(ExitCode.INPUT);
        assertThat(run.err()).isEqualTo("jassay: " + gone + " does not exist\n");
        assertThat(result(run).getCounts().getValid()).isEqualTo(1);
        assertThat(result(run).getWarningsList()).isEmpty();
        Run none = Run.of("check", gone, gone + "2");
        assertThat(none.exitCode()).isEqualTo(ExitCode.INPUT);
        assertThat(none.out()).isEmpty();
        assertThat(none.err()).contains("gone.json2 does not exist").contains("no file could be read");
    }

    @Test
    void ending_ofAFile_isNamedAndThatOfTheFirstIsTheResults() throws IOException {
        String cut = file("b.json", "[1,2,{\"b\":");
        Run run = Run.of("check", file("a.ndjson", "{}\n"), file("c.json", "[1}"), cut, "--output=json");
        assertThat(run.exitCode()).isEqualTo(ExitCode.INPUT);
        assertThat(run.err()).contains("c.json: stopped at byte 2").contains(cut + ": stopped at byte 10: ");
        assertThat(result(run).getTermination()).isEqualTo(Termination.TERMINATION_UNRECOVERABLE_SYNTAX);
        assertThat(result(run).getStoppedAt()).isEqualTo(2);
        assertThat(result(run).getFormat()).isEqualTo(Format.FORMAT_NDJSON);
    }

    @Test
    void standardInput_amongFiles_isOneOfThem() throws IOException {
        Run run = Run.withInput("{x\n".getBytes(UTF_8), "check", file("a.json", "{}"), "-");
        assertThat(run.out()).contains("stdin:1 (byte 1)  SYNTAX");
        assertThat(Run.of("check", "-", "-").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--source=x", "--part=1", "--with-state", "--state=s"})
    void flags_ofOneInput_areRefusedForSeveral(String flag) throws IOException {
        Run run = Run.of("check", file("a.json", "{}"), file("b.json", "{}"), flag);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).containsAnyOf("--source names one input", "--part and --state are of one input");
    }

    @Test
    void output_thatIsOneOfTheFiles_isRefused() throws IOException {
        String first = file("a.json", "{}");
        Run run = Run.of("check", first, file("b.json", "{}"), "-o", first);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(Path.of(first)).hasContent("{}");
    }

    @Test
    void source_ofALongName_isItsEnd() {
        InputFiles files = new InputFiles(List.of("\u00e4".repeat(400) + "/end.json"), _ -> {
            throw new AssertionError("nobody opens it");
        });
        assertThat(files.source(0)).startsWith("\u2026\u00e4").endsWith("/end.json");
        assertThat(files.source(0).getBytes(UTF_8)).hasSizeBetween(508, 512);
    }
}
