package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.jassay.v1.ProcessResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MergeCommandTest {
    private static final List<String> PARTS =
            List.of("{\"id\":1}\n{\"id\":x}\n", "{\"id\":2,\"name\":\"b\"}\n", "{\"id\":1e3}\n{]\n");

    private final LocalServer server = LocalServer.start();
    private final String endpoint = server.endpoint();

    @TempDir
    private Path folder = Path.of("");

    @AfterAll
    void stop() {
        server.close();
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    /** The file of the state of a part. */
    private String state(int part, String... more) throws IOException {
        String state = path("part" + part + ".state");
        List<String> arguments = new ArrayList<>(
                List.of("check", file("part" + part, PARTS.get(part)), "--quiet", "--part=" + part, "--state", state));
        arguments.addAll(Arrays.asList(more));
        Run run = Run.of(arguments.toArray(String[]::new));
        assertThat(run.err() + run.out()).isEmpty();
        return state;
    }

    private static ProcessResult comparable(String json) throws InvalidProtocolBufferException {
        ProcessResult.Builder result = ProcessResult.newBuilder();
        JsonFormat.parser().merge(json, result);
        // A merge leaves the last out.
        return result.clearTiming().clearProvenance().clearInvalidOverStream().build();
    }

    @Test
    void merge_allParts_isTheResultOfTheWhole() throws IOException {
        Run whole = Run.of("check", file("whole", String.join("", PARTS)), "--output=json");
        Run merged = Run.of("merge", state(2), state(0), state(1), "--output=json");
        assertThat(merged.exitCode()).isEqualTo(ExitCode.FAIL).isEqualTo(whole.exitCode());
        assertThat(comparable(merged.out())).isEqualTo(comparable(whole.out()));
        assertThat(comparable(merged.out()).getState()).isEmpty();
    }

    @Test
    void merge_byAServerAndHere_isTheSame() throws IOException {
        String here = path("here.state");
        String there = path("there.state");
        String[] states = {state(1), state(0, "--endpoint", endpoint)};
        Run local = Run.of("merge", states[0], states[1], "--output=json", "--state", here);
        Run remote = Run.of("merge", states[0], states[1], "--output=json", "--state", there, "--endpoint", endpoint);
        assertThat(comparable(remote.out())).isEqualTo(comparable(local.out()));
        assertThat(Path.of(there)).hasSameBinaryContentAs(Path.of(here));
        // What was merged can be merged again.
        Run all = Run.of("merge", here, state(2), "--output=json");
        Run whole = Run.of("check", file("all", String.join("", PARTS)), "--output=json");
        assertThat(comparable(all.out())).isEqualTo(comparable(whole.out()));
    }

    @Test
    void merge_asText_tellsSourcesAndWhatIsMissing() throws IOException {
        Run run = Run.of("merge", state(0, "--source=a"), state(2, "--source=c"));
        assertThat(run.out())
                .contains("FAIL  2 inputs: 2 of 4 records are invalid")
                .contains("warning: parts missing of 0 to 2: 1, the first of them 1")
                .contains("a:2 (byte 15) /id  SYNTAX")
                .contains("c:2 (byte 12)  SYNTAX");
    }

    @Test
    void merge_ofOneStateFromStandardInput_isItsResult() throws IOException {
        byte[] state = Files.readAllBytes(Path.of(state(1)));
        Run run = Run.withInput(state, "merge", "-");
        assertThat(run.exitCode()).isEqualTo(ExitCode.PASS);
        assertThat(run.out()).startsWith("PASS  stdin: the one record is valid");
    }

    @Test
    void merge_statesThatDoNotGoTogether_isAMistakeOfUsage() throws IOException {
        String state = state(0);
        for (String[] more : new String[][] {{}, {"--endpoint", endpoint}}) {
            List<String> arguments = new ArrayList<>(List.of("merge", state, state));
            arguments.addAll(Arrays.asList(more));
            Run run = Run.of(arguments.toArray(String[]::new));
            assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(run.err()).contains("state 2 cannot be merged: part 0 has come before");
        }
        String other = path("other.state");
        Run.of("check", file("other", "1\n"), "--part=1", "--max-paths=7", "--state", other, "--quiet");
        Run run = Run.of("merge", state, other);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("differs from that of the states before it in profile.max_paths");
    }

    @Test
    void merge_damagedOrMissingState_cannotBeRead() throws IOException {
        byte[] state = Files.readAllBytes(Path.of(state(0)));
        String cut = Files.write(folder.resolve("cut"), Arrays.copyOf(state, state.length - 1))
                .toString();
        for (String[] more :
                new String[][] {{cut}, {cut, "--endpoint", endpoint}, {file("none", "{}\n")}, {path("gone")}}) {
            List<String> arguments = new ArrayList<>(List.of("merge"));
            arguments.addAll(Arrays.asList(more));
            Run run = Run.of(arguments.toArray(String[]::new));
            assertThat(run.exitCode()).as(String.join(" ", more)).isEqualTo(ExitCode.INPUT);
            assertThat(run.err())
                    .containsAnyOf("damaged: it is cut short", "does not exist")
                    .containsOnlyOnce("\n");
        }
        Run gone = Run.of("merge", path("part0.state"), path("gone"));
        assertThat(gone.exitCode()).isEqualTo(ExitCode.INPUT);
        assertThat(gone.err()).contains("gone does not exist");
    }

    @Test
    void merge_withoutFiles_isAMistakeOfUsage() {
        assertThat(Run.of("merge").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void merge_neverWritesOverAnInput() throws IOException {
        String state = state(0);
        byte[] before = Files.readAllBytes(Path.of(state));
        for (String option : List.of("-o", "--state")) {
            Run run = Run.of("merge", state, option, state);
            assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(run.err()).contains("is an input");
        }
        Run run = Run.of("merge", state, "-o", path("x"), "--state", path("./x"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("name one file");
        assertThat(Path.of(state)).hasBinaryContent(before);
    }

    @Test
    void merge_moreFilesThanCanBeOpen_readsThemInTurn() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("merge", "--output=json"));
        byte[] state = Files.readAllBytes(Path.of(stateWithoutNumber()));
        for (int i = 0; i < 1_500; i++) {
            arguments.add(Files.write(folder.resolve(i + ".state"), state).toString());
        }
        Run run = Run.of(arguments.toArray(String[]::new));
        assertThat(comparable(run.out()).getCounts().getRecords()).isEqualTo(1_500);
    }

    private String stateWithoutNumber() throws IOException {
        String state = path("state");
        Run.of("check", file("one", "1"), "--quiet", "--state", state);
        return state;
    }

    @Test
    void check_stateTooLargeForAServersResult_saysWhatToDo() throws IOException {
        StringBuilder records = new StringBuilder();
        for (int i = 0; i < 60_000; i++) {
            records.append("{\"k")
                    .append(i % 300)
                    .append("\":\"value ")
                    .append(i / 300)
                    .append("\"}\n");
        }
        String input = file("wide", records.toString());
        String state = path("wide.state");
        Run remote = Run.of("check", input, "--endpoint", endpoint, "--state", state, "--max-result-bytes=2MiB");
        assertThat(remote.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(remote.err()).contains("2097152 bytes").contains("--max-result-bytes");
        assertThat(Path.of(state)).doesNotExist();
        assertThat(Run.of("check", input, "--quiet", "--state", state, "--max-result-bytes=2MiB")
                        .exitCode())
                .isEqualTo(ExitCode.PASS);
        assertThat(Path.of(state).toFile().length()).isGreaterThan(2 << 20);
    }

    @Test
    void check_stateOfABrokenInput_isWrittenToo() throws IOException {
        String state = path("broken.state");
        Run run = Run.of("check", file("broken", "[1, {\"a\": "), "--quiet", "--state", state);
        assertThat(run.exitCode()).isEqualTo(ExitCode.INPUT);
        Run merged = Run.withInput(Files.readAllBytes(Path.of(state)), "merge", "-", "--output=json");
        assertThat(merged.exitCode()).isEqualTo(ExitCode.INPUT);
        assertThat(merged.out().getBytes(UTF_8)).isNotEmpty();
    }
}
