package dev.jassay.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What most users send with, where it is installed: it sends all of an upload before it minds an answer that is no error. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CurlTest {
    private static final byte[] RECORDS = WebRig.records(300_000);

    private final WebRig rig = WebRig.start();

    @TempDir
    private Path folder;

    @BeforeAll
    static void curlIsThere() {
        assumeTrue(Programs.find("curl").isPresent());
    }

    @AfterEach
    void nothingIsLeft() {
        rig.awaitBaseline();
    }

    @AfterAll
    void stop() {
        rig.close();
    }

    @Test
    void file_sentInEachWay_givesWhatTheEngineGives() throws IOException, InterruptedException {
        ProcessResult expected = rig.judge(ProcessConfig.getDefaultInstance(), RECORDS);
        String file = file(RECORDS);
        for (List<String> way : List.of(
                List.of("--data-binary", "@" + file),
                List.of("--request", "POST", "--upload-file", file),
                List.of("--request", "POST", "--upload-file", file, "--header", "Transfer-Encoding: chunked"),
                List.of("--form", "file=@" + file),
                List.of("--form", "config={};type=application/json", "--form", "file=@" + file))) {
            assertThat(WebRig.result(curl("", way))).as(way.toString()).isEqualTo(expected);
        }
    }

    @Test
    void result_certainEarly_isPrintedAndNoFailure() throws IOException, InterruptedException {
        String file = file(("}" + " ".repeat(100 << 20)).getBytes(UTF_8));
        for (List<String> way : List.of(
                List.of("--request", "POST", "--upload-file", file),
                List.of("--request", "POST", "--upload-file", file, "--header", "Transfer-Encoding: chunked"),
                List.of("--form", "file=@" + file))) {
            assertThat(WebRig.result(curl("?format=array", way)).getStoppedAt()).isZero();
        }
    }

    @Test
    void upload_refused_printsTheProblem() throws IOException, InterruptedException {
        String file = file(new byte[100 << 20]);
        for (List<String> way : List.of(
                List.of("--data-binary", "@" + file),
                List.of("--request", "POST", "--upload-file", file, "--header", "Expect:"),
                List.of("--form", "file=@" + file))) {
            Problems.assertProblem(curl("?format=csv", way), 400, "CONFIG_INVALID", "format");
        }
    }

    private String file(byte[] content) throws IOException {
        return Files.write(folder.resolve("input"), content).toString();
    }

    /** What it prints, where it tells of no failure. */
    private String curl(String query, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("curl", "--silent", "--show-error"));
        command.addAll(arguments);
        command.add("http://" + rig.host() + "/v1/process" + query);
        Path printed = folder.resolve("printed");
        Process curl = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        assertThat(curl.waitFor(WebRig.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(curl.exitValue()).as(Files.readString(printed)).isZero();
        return Files.readString(printed);
    }
}
