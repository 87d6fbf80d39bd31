package dev.jassay.web;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A real browser without a window: the Chromium that is installed, see {@code bin/install-chromium}. */
final class Chromium implements AutoCloseable {
    static final String LACK = "no chromium on the PATH: bin/install-chromium";

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Path program) {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(program)
                        // Its sandbox does not work for root.
                        .setArgs(List.of("--no-sandbox")));
    }

    /** Empty where there is none. */
    static Optional<Chromium> start() {
        return Programs.find("chromium", "chromium-browser").map(Chromium::new);
    }

    Browser browser() {
        return browser;
    }

    @Override
    public void close() {
        playwright.close();
    }
}
