package dev.jassay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.Profile;
import dev.jassay.v1.ProfileScope;
import dev.jassay.v1.Redaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What the flags of the profile ask for. */
@NullMarked
final class ProfileOptionsTest {
    @TempDir
    private Path folder = Path.of("");

    private static ProcessConfig config(String... flags) {
        ConfigOptions options = new ConfigOptions();
        CommandSpec spec = CommandSpec.create().addMixin("config", CommandSpec.forAnnotatedObject(options));
        new CommandLine(spec).parseArgs(flags);
        return options.config(ProfileScope.PROFILE_SCOPE_VALID, Run.NO_STREAMS);
    }

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("config.json"), text).toString();
    }

    @Test
    void config_thatSaysNothing_asksForTheValidRecords() {
        assertThat(config())
                .isEqualTo(ProcessConfig.newBuilder()
                        .setProfile(Profile.newBuilder().setScope(ProfileScope.PROFILE_SCOPE_VALID))
                        .build());
    }

    @Test
    void check_thatShowsAResult_measuresFieldsUnlessToldNotTo() throws IOException {
        String input = Files.writeString(folder.resolve("in.json"), "{\"a\":1}").toString();
        Path result = folder.resolve("result.json");
        assertThat(Run.of("check", input).out()).contains("/a ");
        assertThat(Run.of("check", input, "--quiet", "--output", "json", "-o", result.toString())
                        .exitCode())
                .isZero();
        assertThat(Files.readString(result)).contains("\"path\": \"/a\"");
        assertThat(Run.of("check", input, "--profile", "none").out()).doesNotContain("/a ");
    }

    @Test
    void check_withInferSchema_tellsItOnOneLine() throws IOException {
        String input = Files.writeString(folder.resolve("in.json"), "{\"a\":1}").toString();
        assertThat(Run.of("check", input, "--infer-schema").out())
                .contains("inferred schema:\n{\"$schema\":")
                .endsWith("\"properties\":{\"a\":{\"type\":\"integer\"}},\"required\":[\"a\"]}\n");
    }

    @Test
    void flags_ofTheProfile_areItsFields() {
        assertThat(config(
                                "--profile=well-formed",
                                "--top-values=1",
                                "--max-paths=2",
                                "--max-keys=3",
                                "--redaction=omit")
                        .getProfile())
                .isEqualTo(Profile.newBuilder()
                        .setScope(ProfileScope.PROFILE_SCOPE_WELL_FORMED)
                        .setTopValues(1)
                        .setMaxPaths(2)
                        .setMaxKeys(3)
                        .setRedaction(Redaction.REDACTION_OMIT)
                        .build());
    }

    @ParameterizedTest
    @CsvSource({"none, PROFILE_SCOPE_NONE", "well-formed, PROFILE_SCOPE_WELL_FORMED", "valid, PROFILE_SCOPE_VALID"})
    void profile_ofEachName_isItsScope(String name, ProfileScope scope) {
        assertThat(config("--profile", name).getProfile().getScope()).isEqualTo(scope);
    }

    @ParameterizedTest
    @CsvSource({"show, REDACTION_SHOW", "omit, REDACTION_OMIT"})
    void redaction_ofEachName_isThat(String name, Redaction redaction) {
        assertThat(config("--redaction", name).getProfile().getRedaction()).isEqualTo(redaction);
    }

    @ParameterizedTest
    @CsvSource({
        "PROFILE_SCOPE_NONE, PROFILE_SCOPE_NONE",
        "PROFILE_SCOPE_WELL_FORMED, PROFILE_SCOPE_WELL_FORMED",
        "PROFILE_SCOPE_UNSPECIFIED, PROFILE_SCOPE_VALID"
    })
    void scope_ofTheFile_isKeptWhereItSaysOne(String written, ProfileScope scope) throws IOException {
        String file = file("{\"profile\": {\"scope\": \"" + written + "\", \"top_values\": 7}}");
        Profile profile = config("--config", file).getProfile();
        assertThat(profile.getScope()).isEqualTo(scope);
        assertThat(profile.getTopValues()).isEqualTo(7);
    }

    @Test
    void flags_ofTheProfile_goBeforeTheFile() throws IOException {
        String file = file("{\"profile\": {\"scope\": \"PROFILE_SCOPE_WELL_FORMED\", \"maxKeys\": 5}}");
        Profile profile = config("--config", file, "--profile=none").getProfile();
        assertThat(profile.getScope()).isEqualTo(ProfileScope.PROFILE_SCOPE_NONE);
        assertThat(profile.getMaxKeys()).isEqualTo(5);
    }

    @Test
    void help_ofTheProfile_tellsItsNames() {
        assertThat(Run.of("check", "--help").out().replaceAll("\\s+", " "))
                .contains("Records whose fields are measured: none, well-formed, valid. Default: valid.")
                .contains("Values of the records, in the result: show, omit. Default: show.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--profile=all", "--redaction=some", "--top-values=x", "--max-paths=-1", "--max-keys=1.5"})
    void values_thatAreNone_areUsageErrors(String flag) throws IOException {
        Run run = Run.of("check", file("{}"), flag);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("jassay: ")
                .contains(flag.substring(0, flag.indexOf('=')))
                .containsOnlyOnce("\n");
    }

    @Test
    void scope_thatIsNotAccepted_namesItsFlag() {
        CommandFailure failure = ConfigFailure.of(
                List.of(
                        new ConfigFailure.Field("profile.scope", "unknown"),
                        new ConfigFailure.Field("profile.max_keys", "too many")),
                "");
        assertThat(failure.text())
                .contains("profile.scope (--profile): unknown; profile.max_keys (--max-keys): too many");
    }
}
