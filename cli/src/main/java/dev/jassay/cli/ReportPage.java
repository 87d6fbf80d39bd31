package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;

/** The page of a report: the template that the module of the page makes, with a result in it. */
final class ReportPage {
    private static final String TEMPLATE = "/dev/jassay/web/page/report.html";
    /** Where the template wants the result; there once. */
    private static final String MARK = "__JASSAY_RESULT__";

    private ReportPage() {}

    static void write(SavedResult result, Writer out) throws IOException {
        String template = template();
        int mark = template.indexOf(MARK);
        out.append(template, 0, mark);
        result.writeTo(out);
        out.append(template, mark + MARK.length(), template.length());
    }

    private static String template() throws IOException {
        try (InputStream template = ReportPage.class.getResourceAsStream(TEMPLATE)) {
            if (template == null) {
                throw new IllegalStateException("the jar lacks " + TEMPLATE);
            }
            return new String(template.readAllBytes(), UTF_8);
        }
    }
}
