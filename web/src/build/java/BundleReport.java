import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Makes the template of reports from the page's own files: one HTML file with styles and modules in it, which shows the result whose
 * JSON is put in place of its one mark. The command line and the page fill the same template.
 *
 * <p>Each module becomes a function that is called once and returns what it exports, so that names of two modules never meet. That
 * takes no parser, since the page's modules import by name from files beside them, each import on a line of its own, and export where
 * they declare; whatever else they do is refused here.
 *
 * <p>Usage: {@code java BundleReport.java SKELETON PAGE-FOLDER REPORT}
 */
final class BundleReport {
    private static final String MARK = "__JASSAY_RESULT__";
    private static final Pattern IMPORT =
            Pattern.compile("^import (\\{[\\w\\s,]+\\}) from \"\\./(\\w+)\\.js\";$", Pattern.MULTILINE);
    private static final Pattern EXPORT =
            Pattern.compile("^export (?=(?:async function|function|const|class) (\\w+))", Pattern.MULTILINE);
    private static final Pattern LEFT = Pattern.compile("^(?:import|export)\\b|\\bimport\\(", Pattern.MULTILINE);
    /** What would end a script or style, or begin what only a certain end ends. */
    private static final Pattern ENDING = Pattern.compile("</(?:script|style)|<!--|\r", Pattern.CASE_INSENSITIVE);

    private final Path page;
    private final Map<String, String> modules = new LinkedHashMap<>();

    private BundleReport(Path page) {
        this.page = page;
    }

    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        Path report = Path.of(arguments[2]);
        Files.createDirectories(report.getParent());
        Files.writeString(
                report, new BundleReport(Path.of(arguments[1])).fill(Files.readString(Path.of(arguments[0]))));
    }

    private String fill(String skeleton) throws IOException, GeneralSecurityException {
        String style = read("uplot/uPlot.min.css") + "\n" + read("style.css");
        String plots = read("uplot/uPlot.iife.min.js");
        add("report", List.of());
        String bundle = "\n" + String.join("\n", modules.values());
        String policy = "default-src 'none'; script-src " + hash(plots) + " " + hash(bundle) + "; style-src "
                + hash(style) + "; base-uri 'none'; form-action 'none'";
        String report = skeleton.replace("{{policy}}", policy)
                .replace("{{style}}", style)
                .replace("{{plots}}", plots)
                .replace("{{modules}}", bundle);
        if (report.split(MARK, -1).length != 2) {
            throw new IllegalStateException(MARK + " must be in a report once");
        }
        return report;
    }

    /** Adds a module after those that it imports. */
    private void add(String name, List<String> importers) throws IOException {
        if (modules.containsKey(name)) {
            return;
        }
        List<String> path = new ArrayList<>(importers);
        path.add(name);
        if (importers.contains(name)) {
            throw new IllegalStateException("modules import each other: " + path);
        }
        String text = read(name + ".js");
        for (Matcher found = IMPORT.matcher(text); found.find(); ) {
            add(found.group(2), path);
        }
        String exports =
                EXPORT.matcher(text).results().map(found -> found.group(1)).collect(Collectors.joining(", "));
        String body = EXPORT.matcher(IMPORT.matcher(text).replaceAll("const $1 = \\$$2;"))
                .replaceAll("");
        if (LEFT.matcher(body).find()) {
            throw new IllegalStateException(name + ".js imports or exports in a way that is not known here");
        }
        modules.put(name, "const $" + name + " = (() => {\n" + body + "return { " + exports + " };\n})();\n");
    }

    private String read(String file) throws IOException {
        String text = Files.readString(page.resolve(file));
        if (ENDING.matcher(text).find()) {
            throw new IllegalStateException(
                    file + " cannot stand in HTML: it has an end tag, a comment or a carriage return");
        }
        return text;
    }

    private static String hash(String text) throws GeneralSecurityException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    }
}
