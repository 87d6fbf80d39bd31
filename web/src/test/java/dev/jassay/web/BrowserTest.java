package dev.jassay.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.JSHandle;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ReducedMotion;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser; skipped where there is none: see {@code bin/install-chromium}. Its pictures lie in {@code target/page}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BrowserTest {
    private static final Path PICTURES = Path.of("target", "page");
    private static final int FILE_BYTES = 20 << 20;

    /** So the file takes some seconds at least, on any machine. */
    private static final int BYTES_PER_SECOND = 8 << 20;

    private static final double LIMIT_MILLIS = (double) WebRig.LIMIT.toMillis();
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 1000;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    private WebRig rig;
    private Chromium chromium;
    private BrowserContext context;
    private Page page;
    private final List<String> errors = new ArrayList<>();

    @BeforeAll
    void start() {
        Optional<Chromium> there = Chromium.start();
        Assumptions.assumeTrue(there.isPresent(), Chromium.LACK);
        chromium = there.get();
        rig = WebRig.start();
    }

    @AfterAll
    void stop() {
        if (chromium != null) {
            chromium.close();
        }
        if (rig != null) {
            rig.close();
        }
    }

    @BeforeEach
    void open() {
        context = chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setViewportSize(WIDTH, HEIGHT)
                        .setReducedMotion(ReducedMotion.REDUCE));
        context.setDefaultTimeout(LIMIT_MILLIS);
        page = context.newPage();
        page.onPageError(errors::add);
        page.navigate(rig.web.url());
        assertThat(page.locator("#server")).containsText("Jassay");
    }

    @AfterEach
    void leave() {
        context.close();
        assertThat(errors).isEmpty();
        rig.awaitBaseline();
    }

    private static void limitUpload(Page page, int bytesPerSecond) {
        JsonObject limits = new JsonObject();
        limits.addProperty("offline", false);
        limits.addProperty("latency", 0);
        limits.addProperty("downloadThroughput", -1);
        limits.addProperty("uploadThroughput", bytesPerSecond);
        var session = page.context().newCDPSession(page);
        session.send("Network.enable");
        session.send("Network.emulateNetworkConditions", limits);
    }

    private static Path write(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    /** Orders of which one in a hundred is faulty, in one of two ways. */
    private static byte[] orders(int bytes) {
        StringBuilder orders = new StringBuilder(bytes + 200);
        for (int i = 0; orders.length() < bytes; i++) {
            long mixed = (i * 0x9E37_79B9_7F4A_7C15L) >>> 20;
            String price =
                    mixed % 200 == 0 ? "09.50" : mixed % 200 == 1 ? "tru" : String.valueOf(mixed % 100_000 / 100.0);
            orders.append("{\"id\": ").append(i).append(", \"price\": ").append(price);
            orders.append(", \"country\": \"")
                    .append(List.of("de", "fr", "it", "at").get(i % 7 % 4));
            orders.append("\", \"paid\": ").append(i % 3 != 0).append(", \"tags\": [\"a\", \"b\"]}\n");
        }
        return orders.toString().getBytes(UTF_8);
    }

    private void judge(Path file) {
        page.locator("#file").setInputFiles(file);
        assertThat(page.locator("#verdict-title")).isVisible(visible());
    }

    private static com.microsoft.playwright.assertions.LocatorAssertions.IsVisibleOptions visible() {
        return new com.microsoft.playwright.assertions.LocatorAssertions.IsVisibleOptions().setTimeout(LIMIT_MILLIS);
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private void picture(String name) {
        page.evaluate("() => scrollTo(0, 0)");
        page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve(name)));
    }

    private void pictureOfResult(String name) {
        page.evaluate("() => document.getElementById('result').scrollIntoView({behavior: 'instant'})");
        page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve(name)));
    }

    @Test
    void file_chosen_isJudgedAndShown() throws IOException {
        byte[] orders = orders(FILE_BYTES);
        ProcessResult expected = rig.judge(ProcessConfig.getDefaultInstance(), orders);
        limitUpload(page, BYTES_PER_SECOND);
        page.evaluate("""
                () => {
                  window.seen = [];
                  window.figures = [];
                  const bar = document.getElementById("progress-bar");
                  const figures = document.getElementById("progress-figures");
                  new MutationObserver(() => window.figures.push(figures.textContent)).observe(figures, { childList: true });
                  new MutationObserver(() => window.seen.push(bar.value))
                    .observe(bar, { attributes: true, attributeFilter: ["value"] });
                }""");
        judge(write("orders.ndjson", orders));
        Object moved = page.evaluate("() => new Set(window.seen).size > 2 && window.seen.every("
                + "(value, index) => index === 0 || value >= window.seen[index - 1])");
        assertThat(moved).as(String.valueOf(page.evaluate("() => window.seen"))).isEqualTo(true);
        // What the server tells of the call meanwhile.
        assertThat(page.evaluate("() => window.figures.some((text) => /[1-9][0-9,]* records · .* invalid/.test(text))"))
                .isEqualTo(true);

        assertThat(expected.getCounts().getInvalid()).isPositive();
        assertThat(page.locator("#result"))
                .containsText(grouped(expected.getCounts().getInvalid()));
        assertThat(page.locator("#result"))
                .containsText(grouped(expected.getCounts().getRecords()));
        List<String> counts = page.locator(".group-count").allTextContents();
        assertThat(counts)
                .containsExactlyElementsOf(expected.getGroupsList().stream()
                        .map(group -> grouped(group.getCount()))
                        .toList());
        picture("page-light.png");
        pictureOfResult("result-light.png");

        Locator head = page.locator(".group-head").last();
        assertThat(head).hasAttribute("aria-expanded", "false");
        head.click();
        assertThat(page.locator(".group").last().locator(".sample").first()).isVisible();

        page.locator(".row", new Page.LocatorOptions().setHasText("/price"))
                .first()
                .click();
        BoundingBox plot = page.locator(".detail canvas").first().boundingBox();
        assertThat(plot.width).isGreaterThan(100);
        assertThat(plot.height).isGreaterThan(50);
        assertThat(isDrawn(page.locator(".detail canvas").first())).isTrue();

        Object light = page.evaluate("() => getComputedStyle(document.body).backgroundColor");
        Locator theme = page.locator("#header button");
        while (!theme.textContent().contains("dark")) {
            theme.click();
        }
        assertThat(page.evaluate("() => getComputedStyle(document.body).backgroundColor"))
                .isNotEqualTo(light);
        pictureOfResult("result-dark.png");
    }

    /** Also where it is scrolled to gently, while what stood above it goes. */
    @Test
    void verdict_afterAnUpload_isInSight() throws IOException {
        try (BrowserContext moving =
                chromium.browser().newContext(new Browser.NewContextOptions().setViewportSize(WIDTH, HEIGHT / 2))) {
            Page gentle = moving.newPage();
            gentle.navigate(rig.web.url());
            gentle.locator("#file").setInputFiles(write("orders.ndjson", orders(1 << 20)));
            assertThat(gentle.locator("#verdict-title")).isVisible(visible());
            gentle.waitForFunction("() => new Promise((resolve) => {"
                    + " const before = scrollY; setTimeout(() => resolve(scrollY > 0 && scrollY === before), 200); })");
            assertThat(gentle.locator("#verdict-title").boundingBox().y).isBetween(0.0, HEIGHT / 4.0);
        }
    }

    @Test
    void result_ofAnotherFile_goesWhereANewOneCannotBeJudged() throws IOException {
        judge(write("keys.ndjson", orders(100_000)));
        page.locator("#schema summary").click();
        page.locator("#schema-text").fill("{\"type\": 5}");
        drop("#zone", "dropped.ndjson", "1\n");
        assertThat(page.locator("#status")).containsText("SCHEMA_INVALID");
        assertThat(page.locator("#result *")).hasCount(0);
    }

    @Test
    void result_savedBefore_openedDuringAnUpload_endsThat() throws IOException {
        limitUpload(page, 100 << 10);
        page.locator("#file").setInputFiles(write("slow.ndjson", orders(FILE_BYTES)));
        WebRig.await("the call runs", () -> rig.web.running().size() == 1);
        page.locator("#open-file")
                .setInputFiles(write("saved.json", "{\"verdict\": \"VERDICT_PASS\", \"counts\": {}}".getBytes(UTF_8)));
        rig.awaitBaseline();
        assertThat(page.locator(".source")).hasText("saved.json");
        assertThat(page.locator("#progress")).isHidden();
    }

    @Test
    void upload_cancelled_freesAll() throws IOException {
        limitUpload(page, 100 << 10);
        page.locator("#file").setInputFiles(write("slow.ndjson", orders(FILE_BYTES)));
        WebRig.await("the call runs", () -> rig.web.running().size() == 1);
        page.locator("#cancel").click();
        assertThat(page.locator("#status")).containsText("Cancelled");
        rig.awaitBaseline();
        assertThat(page.locator("#progress")).isHidden();
    }

    @Test
    void result_savedBefore_isShown() throws IOException {
        byte[] orders = orders(100_000);
        String json = rig.send(rig.request("/v1/process?profile=valid").POST(BodyPublishers.ofByteArray(orders)))
                .body();
        page.locator("#open-file").setInputFiles(write("saved.json", json.getBytes(UTF_8)));
        assertThat(page.locator("#verdict-title")).isVisible();
        assertThat(page.locator("#result"))
                .containsText(grouped(WebRig.result(json).getCounts().getRecords()));
        assertThat(page.locator(".row").first()).isVisible();
    }

    @Test
    void keyboard_alone_choosesAField() throws IOException {
        judge(write("keys.ndjson", orders(100_000)));
        String role = "";
        for (int tabs = 0; tabs < 100 && !"grid".equals(role); tabs++) {
            page.keyboard().press("Tab");
            role = String.valueOf(page.evaluate("() => document.activeElement.getAttribute('role')"));
        }
        assertThat(role).isEqualTo("grid");
        page.keyboard().press("End");
        String last =
                page.locator(".row[aria-selected=true] [role=gridcell]").first().textContent();
        page.keyboard().press("Enter");
        assertThat(page.locator(".detail")).isFocused();
        assertThat(page.locator(".detail-path")).hasText(last);
    }

    @Test
    void values_thatAreMarkup_areShownAsText() throws IOException {
        String markup = "<img src=x onerror='window.harmed = 1'><script>window.harmed = 1</script>";
        String record = "{\"" + markup + "\": \"" + markup + "\", \"n\": 1}\n";
        String faulty = "{\"" + markup + "\": 01}\n";
        judge(write("markup <b>.ndjson", (record.repeat(3) + faulty).getBytes(UTF_8)));
        page.locator(".row", new Page.LocatorOptions().setHasText(Pattern.compile("img")))
                .first()
                .click();
        assertThat(page.locator(".detail")).containsText("<img src=x");
        assertThat(page.locator("#result")).containsText("<script>");
        assertThat(page.locator("#result img, #result script, #status b")).hasCount(0);
        assertThat(page.evaluate("() => typeof window.harmed")).isEqualTo("undefined");
    }

    @Test
    void values_inOtherDirectionsAndLong_areShownAsText() throws IOException {
        String rightToLeft = "שלום \u202Egnp.exe";
        String letters = "x".repeat(1_000_000);
        String records = "{\"k\": \"" + rightToLeft + "\", \"" + rightToLeft + "\": 1, \"long\": \"" + letters + "\"}\n"
                + "{\"k\": \"" + rightToLeft + "\", \"a\": 01, \"long\": \"" + letters + "\"}\n";
        judge(write("directions.ndjson", records.getBytes(UTF_8)));
        // What would turn the text around is written out.
        assertThat(page.locator("#result")).containsText("שלום \\u202egnp.exe");
        assertThat(page.locator("#result")).not().containsText("\u202E");
        page.locator(".row", new Page.LocatorOptions().setHasText("/long"))
                .first()
                .click();
        assertThat(page.locator(".detail-path")).hasText("/long");
        assertThat(page.locator(".detail")).containsText("xxx");
        assertThat((Integer) page.evaluate("() => document.getElementById('result').textContent.length"))
                .isLessThan(50_000);
        assertThat((Boolean) page.evaluate("() => document.body.scrollWidth <= innerWidth"))
                .isTrue();
    }

    @Test
    void file_dropped_isJudgedByTheSchemaThatIsThere() throws IOException {
        page.locator("#schema summary").click();
        page.locator("#schema-text").fill("{\"properties\": {\"id\": {\"maximum\": 1}}}");
        drop("#zone", "dropped.ndjson", "{\"id\": 1}\n{\"id\": 2}\n");
        assertThat(page.locator("#verdict-title")).isVisible(visible());
        assertThat(page.locator("#verdict-title")).containsText("1 of 2 records is invalid");
        assertThat(page.locator(".group-kind").first()).hasText("SCHEMA maximum");
        assertThat(page.locator(".sample").first()).containsText("Line 2");
    }

    @Test
    void file_thatIsNoJson_isToldToBeTheWrongOne() {
        drop("#zone", "table.csv", "id,price\n1,9.50\n".repeat(3).replace("1,9", "a,9"));
        assertThat(page.locator(".verdict")).containsText("is it the right file?");
    }

    @Test
    void files_droppedTogether_areRefused() {
        JSHandle transfer = page.evaluateHandle("() => { const data = new DataTransfer();"
                + " data.items.add(new File(['1'], 'a')); data.items.add(new File(['2'], 'b')); return data; }");
        page.dispatchEvent("#zone", "drop", Map.of("dataTransfer", transfer));
        assertThat(page.locator("#status")).containsText("one file at a time");
        assertThat(page.locator("#result *")).hasCount(0);
    }

    @Test
    void document_withAPathToItsRecords_isJudgedByThem() {
        page.locator("#records-path").fill("/data");
        drop("#zone", "document.json", "{\"n\": 2, \"data\": [{\"id\": 1}, {\"id\": 02}]}");
        assertThat(page.locator("#verdict-title")).containsText("1 of 2 records is invalid");
    }

    @Test
    void schema_dropped_thatIsNone_isRefusedWithItsMistake() {
        page.locator("#schema summary").click();
        drop("#schema", "schema.json", "{\"type\": 5}");
        assertThat(page.locator("#schema-text")).hasValue("{\"type\": 5}");
        drop("#zone", "dropped.ndjson", "1\n");
        assertThat(page.locator("#status")).containsText("SCHEMA_INVALID");
        assertThat(page.locator("#status")).containsText("/type");
    }

    private void drop(String zone, String name, String content) {
        JSHandle transfer = page.evaluateHandle(
                "([name, content]) => { const data = new DataTransfer();"
                        + " data.items.add(new File([content], name)); return data; }",
                List.of(name, content));
        page.dispatchEvent(zone, "drop", Map.of("dataTransfer", transfer));
    }

    @Test
    void result_withThousandsOfFieldsAndViolations_staysReadable() throws IOException {
        page.locator("#open-file")
                .setInputFiles(write("large.json", LargeResult.json(rig).getBytes(UTF_8)));
        assertThat(page.locator("#verdict-title")).isVisible(visible());
        assertThat(page.locator(".tools")).containsText("4,096 fields");
        assertThat(page.locator("#result")).containsText("1,000 violations in 1,000 groups");
        // Only what can be seen is there.
        assertThat((Integer) page.evaluate("() => document.querySelectorAll('#result *').length"))
                .isLessThan(2_000);
        page.locator(".tools input").fill("measure_4095");
        assertThat(page.locator(".row")).hasCount(1);
        page.locator(".row").click();
        assertThat(page.locator(".detail-path")).hasText("/measure_4095");
        assertThat(isDrawn(page.locator(".detail canvas"))).isTrue();
        pictureOfResult("result-large.png");
    }

    private static boolean isDrawn(Locator canvas) {
        return (Boolean)
                canvas.evaluate(
                        "(canvas) => new Promise((resolve) => requestAnimationFrame(() => resolve("
                                + "canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((part) => part > 0))))");
    }

    @Test
    void report_downloaded_showsTheSameWithoutAServer() throws IOException {
        judge(write("orders <script> & co.ndjson", orders(100_000)));
        String title = page.locator("#verdict-title").textContent();
        Download download = page.waitForDownload(
                () -> page.locator("button", new Page.LocatorOptions().setHasText("Download report"))
                        .click());
        Path report = folder.resolve("report.html");
        download.saveAs(report);
        List<String> requests = new ArrayList<>();
        page.onRequest(request -> requests.add(request.url()));
        page.navigate(report.toUri().toString());
        assertThat(page.locator("#verdict-title")).hasText(title);
        assertThat(page.locator(".source")).hasText("orders <script> & co.ndjson");
        assertThat(isDrawn(page.locator(".detail canvas"))).isTrue();
        assertThat(requests).containsExactly(report.toUri().toString());
    }
}
