package dev.jassay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jassay.cli.Script.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/find-jdk}, on folders that look like JDKs newer than any there is, so that those of the machine do not count. */
final class FindJdkTest {
    private static final String OLDEST = "900";

    @TempDir
    Path folder = Path.of("");

    private Path home = Path.of("");
    private Path tools = Path.of("");

    @BeforeEach
    void makeFolders() throws IOException {
        home = Files.createDirectories(folder.resolve("home"));
        tools = Script.makePath(folder.resolve("tools"), "sh", "readlink");
    }

    @Test
    void findJdk_severalInTheUsualFolders_takesTheNewest() throws Exception {
        makeJdk(home.resolve(".jdks/a"), "900.0.9");
        Path newest = makeJdk(home.resolve(".jdks/b"), "900.0.10");
        makeJdk(home.resolve(".sdkman/candidates/java/c"), "900");
        assertThat(run(Map.of()))
                .isEqualTo(new Answer(0, newest + "\n", "jassay: using JDK 900.0.10 in " + newest + " (found)\n"));
    }

    @Test
    void findJdk_javaHomeFits_takesItBeforeNewerOnes() throws Exception {
        makeJdk(home.resolve(".jdks/newer"), "901");
        Path chosen = makeJdk(folder.resolve("chosen"), "900.0.1");
        assertThat(run(Map.of("JAVA_HOME", chosen.toString())))
                .isEqualTo(
                        new Answer(0, chosen + "\n", "jassay: using JDK 900.0.1 in " + chosen + " (from JAVA_HOME)\n"));
    }

    @Test
    void findJdk_javaHomeTooOld_looksFurther() throws Exception {
        Path old = makeJdk(folder.resolve("old"), "17.0.15");
        Path found = makeJdk(home.resolve(".jdks/new"), "900");
        assertThat(run(Map.of("JAVA_HOME", old.toString())).output()).isEqualTo(found + "\n");
    }

    @Test
    void findJdk_javaOnThePathIsALink_takesTheFolderItLeadsTo() throws Exception {
        makeJdk(home.resolve(".jdks/newer"), "901");
        Path linked = makeJdk(folder.resolve("linked"), "900.0.2");
        Files.createSymbolicLink(folder.resolve("java"), Path.of("linked/bin/java"));
        Files.createSymbolicLink(tools.resolve("java"), Path.of("../java"));
        assertThat(run(Map.of()))
                .isEqualTo(new Answer(
                        0,
                        linked.toRealPath() + "\n",
                        "jassay: using JDK 900.0.2 in " + linked.toRealPath() + " (from PATH)\n"));
    }

    @Test
    void findJdk_runtimeWithoutCompiler_isPassedOver() throws Exception {
        Path runtime = makeJdk(home.resolve(".jdks/runtime"), "901");
        Files.delete(runtime.resolve("bin/javac"));
        Path jdk = makeJdk(home.resolve(".jdks/whole"), "900");
        assertThat(run(Map.of()).output()).isEqualTo(jdk + "\n");
    }

    @Test
    void findJdk_earlyAccessRelease_isRead() throws Exception {
        Path jdk = makeJdk(home.resolve(".jdks/early"), "900-ea");
        assertThat(run(Map.of()).output()).isEqualTo(jdk + "\n");
    }

    @Test
    void findJdk_none_saysWhatToInstall() throws Exception {
        makeJdk(home.resolve(".jdks/old"), "899.9");
        assertThat(run(Map.of()))
                .isEqualTo(new Answer(
                        1,
                        "",
                        "jassay: no JDK 900 or newer found: install one (Temurin 900 for example), or set JAVA_HOME to the"
                                + " folder of one\n"));
    }

    private Answer run(Map<String, String> more) throws IOException, InterruptedException {
        Map<String, String> environment = new TreeMap<>(more);
        environment.put("HOME", home.toString());
        environment.put("PATH", tools.toString());
        return Script.run(
                folder, environment, List.of(Script.BIN.resolve("find-jdk").toString(), OLDEST));
    }

    private static Path makeJdk(Path jdk, String version) throws IOException {
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        for (String program : List.of("java", "javac")) {
            Script.makeProgram(jdk.resolve("bin").resolve(program), "");
        }
        return jdk;
    }
}
