package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.jassay.v1.Counts;
import dev.jassay.v1.FieldProfile;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.TopValue;
import dev.jassay.v1.Verdict;
import dev.jassay.v1.Violation;
import dev.jassay.v1.ViolationCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
final class ReportCommandTest {
    private static final String SMALLEST = "{\"verdict\":\"VERDICT_PASS\",\"counts\":{}}";
    private static final String BEFORE = "<script type=\"application/json\" id=\"embedded\">";
    private static final List<String> HOSTILE = List.of(
            "</script><script>alert(1)</script>",
            "</SCRIPT\n>",
            "<!-- <script>",
            "]]> --> ]]&gt;",
            "\u2028 and \u2029",
            "\u202e\u0000\u001b[31m",
            "\u05e9\u05dc\u05d5\u05dd",
            "__JASSAY_RESULT__ $1 \\u003c \"' \ud83d\ude00");

    @TempDir
    private Path folder = Path.of("");

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private Run report(String json) {
        return Run.withInput(json.getBytes(UTF_8), "report", "-");
    }

    /** The JSON in a page, found as a browser does: it ends at the first end tag of a script. */
    private static String embedded(String page) {
        String rest = page.substring(page.indexOf(BEFORE) + BEFORE.length());
        Matcher end = Pattern.compile("</script", Pattern.CASE_INSENSITIVE).matcher(rest);
        assertThat(end.find()).isTrue();
        return rest.substring(0, end.start());
    }

    private static ProcessResult result(String json) throws InvalidProtocolBufferException {
        ProcessResult.Builder result = ProcessResult.newBuilder();
        JsonFormat.parser().merge(json, result);
        return result.build();
    }

    /** With a text wherever a result has some. */
    private static ProcessResult resultWith(String text) {
        return ProcessResult.newBuilder()
                .setVerdict(Verdict.VERDICT_FAIL)
                .setCounts(Counts.newBuilder().setRecords(-1))
                .setSource(text)
                .putLabels(text, text)
                .setInferredSchemaJson(text)
                .addViolations(Violation.newBuilder()
                        .setCode(ViolationCode.VIOLATION_CODE_SYNTAX)
                        .setInstancePointer("/" + text)
                        .setMessage(text)
                        .setPreview(text))
                .addFields(FieldProfile.newBuilder()
                        .setPath("/" + text)
                        .addTopValues(TopValue.newBuilder().setValueJson(text)))
                .build();
    }

    @Test
    void report_ofAHostileResult_holdsTheSameJsonAndNoMoreMarkup() throws IOException {
        String harmless = report(SMALLEST).out();
        for (String text : HOSTILE) {
            String json = JsonFormat.printer().print(resultWith(text));
            Run run = report(json);
            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
            String embedded = embedded(run.out());
            assertThat(JsonParser.parseString(embedded)).isEqualTo(JsonParser.parseString(json));
            assertThat(result(embedded)).isEqualTo(resultWith(text));
            assertThat(embedded).doesNotContain("<", ">", "\u2028", "\u2029");
            assertThat(run.out().replace(embedded, "")).isEqualTo(harmless.replace(embedded(harmless), ""));
        }
    }

    @Test
    void report_ofACheck_isOneFileThatRefersToNoOther() throws IOException {
        String json = folder.resolve("result.json").toString();
        Path page = folder.resolve("report.html");
        Run check =
                Run.of("check", file("in", "{\"a\":1}\n{\"a\":01}\n"), "--infer-schema", "--output=json", "-o", json);
        assertThat(check.exitCode()).isEqualTo(ExitCode.FAIL);
        Run run = Run.of("report", json, "-o", page.toString());
        assertThat(run).isEqualTo(new Run(ExitCode.PASS, "", ""));
        String html = Files.readString(page);
        assertThat(result(embedded(html))).isEqualTo(result(Files.readString(Path.of(json))));
        assertThat(html)
                .startsWith("<!doctype html>")
                .doesNotContain("src=\"", "href=\"", "@import", "{{", "__JASSAY_RESULT__");
    }

    @Test
    void report_policy_allowsItsOwnScriptsAndStyleAlone() throws NoSuchAlgorithmException {
        String page = report(SMALLEST).out();
        String policy = Pattern.compile("http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\"")
                .matcher(page)
                .results()
                .map(found -> found.group(1))
                .reduce("", String::concat);
        assertThat(policy).startsWith("default-src 'none'; script-src ").doesNotContain("unsafe", "http", "*");
        List<String> allowed = Pattern.compile("'(sha256-[^']*)'")
                .matcher(policy)
                .results()
                .map(found -> found.group(1))
                .toList();
        List<MatchResult> inline = Pattern.compile(
                        "<(script|script type=\"module\"|style)>(.*?)</\\w+>", Pattern.DOTALL)
                .matcher(page)
                .results()
                .toList();
        assertThat(inline).hasSize(3);
        assertThat(allowed).hasSize(3);
        for (MatchResult part : inline) {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(part.group(2).getBytes(UTF_8));
            assertThat(allowed).contains("sha256-" + Base64.getEncoder().encodeToString(digest));
        }
    }

    @Test
    void report_ofANewerVersion_keepsWhatItDoesNotKnow() {
        String json =
                "{\"verdict\":\"VERDICT_PASS\",\"termination\":99,\"counts\":{\"new\":[1.50,null,{\"a\":true}]},\"later\":{\"x\":\"<\"}}";
        Run run = report(json);
        assertThat(run.exitCode()).isZero();
        assertThat(embedded(run.out())).isEqualTo(json.replace("<", "\\u003c"));
    }

    @Test
    void report_ofNamesAsInTheProtoFile_hasThoseThatThePageReads() {
        Run run = report(
                "{\"verdict\":\"VERDICT_PASS\",\"counts\":{\"blank_lines\":\"1\"},\"inferred_schema_json\":\"{}\"}");
        assertThat(embedded(run.out()))
                .isEqualTo(
                        "{\"verdict\":\"VERDICT_PASS\",\"counts\":{\"blankLines\":\"1\"},\"inferredSchemaJson\":\"{}\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                                                  | no JSON",
                "[]                                                  | expected at $",
                "null                                                | expected at $",
                "{}                                                  | it has no verdict",
                "{\"id\":1} {\"id\":2}                               | it has no verdict",
                "{\"counts\":{}}                                     | it has no verdict",
                "{\"verdict\":\"VERDICT_PASS\"}                      | it has no counts",
                "{\"verdict\":\"VERDICT_UNSPECIFIED\",\"counts\":{}} | its verdict is 'VERDICT_UNSPECIFIED'",
                "{\"verdict\":\"\u001b\",\"counts\":{}}              | no JSON",
                "{\"verdict\":\"VERDICT_PASS\",\"counts\":[]}        | expected at $.counts",
                "{\"verdict\":\"VERDICT_PASS\",\"counts\":{\"records\":{}}} | expected at $.counts.records",
                "{\"verdict\":\"VERDICT_PASS\",\"counts\":null}      | expected at $.counts",
                "{\"verdict\":\"VERDICT_PASS\",\"counts\":{},\"fields\":{}} | expected at $.fields",
                "{\"verdict\":\"VERDICT_PASS\",\"counts\":{},\"fields\":[1]} | expected at $.fields[0]",
                "{\"verdict\":\"VERDICT_PASS\",\"counts\":{},\"labels\":[]} | expected at $.labels",
                "{\"verdict\":\"VERDICT_PASS\",\"counts\":{}         | no JSON",
                "{\"verdict\":\"VERDICT_PASS\",\"counts\":{}} {}     | no JSON",
                "{'verdict':'VERDICT_PASS','counts':{}}              | no JSON"
            })
    void report_ofWhatIsNoResult_saysWhyAndWritesNothing(String text, String why) {
        Run run = report(text);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("jassay: stdin is no result: ")
                .contains(why, "--output json")
                .containsOnlyOnce("\n");
    }

    @Test
    void report_ofBytesThatAreNoUtf8_saysSo() {
        byte[] bytes = SMALLEST.replace("counts", "co\u00e4nts").getBytes(ISO_8859_1);
        Run run = Run.withInput(bytes, "report", "-");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("it is not UTF-8");
    }

    @Test
    void report_ofValuesNestedTooDeep_isRefusedAndNothingOverflows() {
        String json = SMALLEST.replace("{}", "{\"new\":" + "[".repeat(1 << 20) + "]".repeat(1 << 20) + "}");
        Run run = report(json);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("is no result").doesNotContain("defect");
    }

    @Test
    void report_ofTheLargestFile_isMadeAndOfOneByteMoreIsNot() throws IOException {
        String name = file("large", SMALLEST + " ".repeat(SavedResult.MAX_BYTES - SMALLEST.length()));
        assertThat(embedded(Run.of("report", name).out())).isEqualTo(SMALLEST);
        Files.writeString(Path.of(name), " ", StandardOpenOption.APPEND);
        Run run = Run.of("report", name);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("it has more than 67,108,864 bytes", "--max-result-bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gone.json", "."})
    void report_ofWhatCannotBeRead_isAFailureOfTheInput(String name) {
        Run run = Run.of("report", folder.resolve(name).toString());
        assertThat(run.exitCode()).isEqualTo(ExitCode.INPUT);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).containsAnyOf("does not exist", "is a directory").containsOnlyOnce("\n");
    }

    @Test
    void report_neverWritesOverItsInput() throws IOException {
        String name = file("result.json", SMALLEST);
        Run run = Run.of("report", name, "-o", name);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("is an input");
        assertThat(Path.of(name)).hasContent(SMALLEST);
    }

    @Test
    void report_thatFails_leavesTheFileAsItWas() throws IOException {
        String page = file("report.html", "before");
        assertThat(Run.of("report", file("none.json", "{}"), "-o", page).exitCode())
                .isEqualTo(ExitCode.USAGE);
        assertThat(Path.of(page)).hasContent("before");
        assertThat(Run.of(
                                "report",
                                file("one.json", SMALLEST),
                                "-o",
                                folder.resolve("no/where").toString())
                        .exitCode())
                .isEqualTo(ExitCode.USAGE);
    }
}
