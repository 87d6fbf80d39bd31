package dev.jassay.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What the page promises of its files, which nothing else would notice. What it does is seen in a browser only. */
@NullMarked
final class PageContentTest {
    /** All that a visit takes. */
    private static final int MAX_PAGE_BYTES = 150_000;

    private static final Path PAGE = page();
    private static final Path LIBRARY = PAGE.resolve("uplot");

    private static Path page() {
        try {
            return Path.of(Objects.requireNonNull(PageContentTest.class.getResource("page/index.html"))
                            .toURI())
                    .resolveSibling("");
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static List<Path> files(String... endings) throws IOException {
        try (Stream<Path> files = Files.walk(PAGE)) {
            return files.filter(file -> Stream.of(endings)
                            .anyMatch(ending -> file.toString().endsWith(ending)))
                    .filter(file -> !file.endsWith("report.html"))
                    .toList();
        }
    }

    private static List<Path> ownFiles(String... endings) throws IOException {
        return files(endings).stream().filter(file -> !file.startsWith(LIBRARY)).toList();
    }

    @Test
    void page_allOfIt_isSmall() throws IOException {
        long bytes = 0;
        for (Path file : files(".html", ".js", ".css")) {
            bytes += Files.size(file);
        }
        assertThat(bytes).isBetween(1L, (long) MAX_PAGE_BYTES);
    }

    @Test
    void page_referencesAreToFilesBesideIt() throws IOException {
        String html = Files.readString(PAGE.resolve("index.html"));
        Matcher references = Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(html);
        assertThat(references.results().map(found -> found.group(1)).filter(name -> !name.startsWith("data:")))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(PAGE.resolve(name)).exists());
    }

    @Test
    void page_markup_hasNothingThatItsPolicyRefuses() throws IOException {
        String html = Files.readString(PAGE.resolve("index.html"));
        assertThat(html)
                .doesNotContainPattern("<script(?![^>]* src=)")
                .doesNotContain("<style")
                .doesNotContainPattern("\\s(?:style|on\\w+)=");
    }

    @Test
    void modules_makeNoMarkupOfTextAndNoCodeEither() throws IOException {
        for (Path module : ownFiles(".js")) {
            assertThat(module)
                    .content()
                    .doesNotContainPattern(
                            "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(|new Function|\"style\"");
        }
    }

    @Test
    void ownFiles_reachForNothingElsewhere() throws IOException {
        for (Path file : ownFiles(".html", ".js", ".css")) {
            assertThat(file).content().doesNotContainPattern("https?://(?!www\\.w3\\.org/2000/svg)|@import|url\\(");
        }
    }

    @Test
    void library_isTheOneThatIsWrittenDown() throws IOException, NoSuchAlgorithmException {
        String told = Files.readString(LIBRARY.resolve("README.txt"));
        for (Path file : List.of(LIBRARY.resolve("uPlot.iife.min.js"), LIBRARY.resolve("uPlot.min.css"))) {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            assertThat(told).contains(HexFormat.of().formatHex(digest) + "  " + file.getFileName());
        }
        assertThat(LIBRARY.resolve("LICENSE")).content().startsWith("The MIT License");
    }

    @Test
    void template_hasOnePlaceForAResultAndAllModulesThatItNeeds() throws IOException {
        String template = Files.readString(PAGE.resolve("report.html"));
        assertThat(template.split("__JASSAY_RESULT__", -1)).hasSize(2);
        assertThat(template)
                .contains("const $report = ", "const $fields = ", "const $plots = ", "var uPlot=")
                .doesNotContain("const $upload = ", "{{")
                .doesNotContainPattern("(?m)^(?:import|export) ");
    }
}
