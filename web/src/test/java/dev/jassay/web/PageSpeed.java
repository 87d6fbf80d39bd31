package dev.jassay.web;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.JSHandle;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.Sizes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Measures the page with a {@link LargeResult}: as often as it is told, opens the page in a browser that has not seen it, opens the result, and clicks at a field. Says each time
 * {@code SHOWN CLICKED BYTES}: milliseconds from the choice of the file to the first plot of a field, and from the click to the plot of the field that was clicked at; and what the page took over the wire.
 */
final class PageSpeed {
    /** Resolves to the milliseconds from an event to the frame after the plot of a field, whose path is not the given one, has been drawn. */
    private static final String FROM_EVENT_TO_PLOT = """
            ([type, before]) => ({ millis: new Promise((resolve) => {
              addEventListener(type, (event) => {
                const began = event.timeStamp;
                const look = () => {
                  const canvas = document.querySelector(".detail canvas");
                  const path = document.querySelector(".detail-path")?.textContent ?? before;
                  const drawn = canvas && path !== before
                    && canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((part) => part > 0);
                  requestAnimationFrame(drawn ? () => resolve(performance.now() - began) : look);
                };
                look();
              }, { capture: true, once: true });
            }) })""";

    private static final int ROW = 5;

    private PageSpeed() {}

    public static void main(String... arguments) throws Exception {
        Optional<Chromium> there = Chromium.start();
        if (there.isEmpty()) {
            System.err.println(Chromium.LACK);
            System.exit(1);
        }
        try (Chromium chromium = there.get();
                WebRig rig = WebRig.start()) {
            Path result = Files.writeString(Files.createTempFile("result", ".json"), LargeResult.json(rig));
            try {
                for (int round = 0; round < Integer.parseInt(arguments[0]); round++) {
                    try (BrowserContext context = chromium.browser().newContext()) {
                        System.out.println(measure(context.newPage(), rig.web.url(), result));
                    }
                }
            } finally {
                Files.delete(result);
            }
        }
    }

    private static String measure(Page page, String address, Path result) {
        List<Request> requests = new ArrayList<>();
        page.onRequestFinished(requests::add);
        page.navigate(address);
        page.waitForFunction("() => document.getElementById('server').textContent.includes('Jassay')");
        long bytes = 0;
        for (Request request : requests) {
            Sizes sizes = request.sizes();
            bytes += sizes.responseHeadersSize + sizes.responseBodySize;
        }
        JSHandle shown = page.evaluateHandle(FROM_EVENT_TO_PLOT, List.of("change", ""));
        page.locator("#open-file").setInputFiles(result);
        double shownMillis = millis(page, shown);
        String first = page.locator(".detail-path").textContent();
        JSHandle clicked = page.evaluateHandle(FROM_EVENT_TO_PLOT, List.of("click", first));
        page.locator(".row").nth(ROW).click();
        return String.format(Locale.ROOT, "%.3f %.3f %d", shownMillis, millis(page, clicked), bytes);
    }

    private static double millis(Page page, JSHandle handle) {
        return ((Number) page.evaluate("(plotted) => plotted.millis", handle)).doubleValue();
    }
}
