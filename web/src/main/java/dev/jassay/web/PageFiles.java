package dev.jassay.web;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * The page's files, from a folder of the class path. They are small and few, and kept once they have been asked for. Any thread.
 */
final class PageFiles {
    private static final String FOLDER = "page";
    private static final String INDEX = "/index.html";

    /** No name begins with a dot, and each file has a type: so nothing leads out of the folder, and folders are no files. */
    private static final Pattern PATH = Pattern.compile("(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)+");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=utf-8",
            "css", "text/css;charset=utf-8",
            "js", "text/javascript;charset=utf-8",
            "json", "application/json",
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon",
            "txt", "text/plain;charset=utf-8");

    /**
     * One file.
     *
     * @param packed the content, compressed with gzip
     * @param tag changes with its content, whether that is packed or not
     */
    record PageFile(ByteString content, ByteString packed, String type, String tag) {}

    private final String folder;
    private final Map<String, PageFile> found = new ConcurrentHashMap<>();

    private PageFiles(String folder) {
        this.folder = folder;
    }

    static PageFiles ofClassPath() {
        return new PageFiles(FOLDER);
    }

    /** The file of a path that begins with a slash and has been decoded; a slash alone is the page itself. */
    Optional<PageFile> find(String path) {
        String name = path.equals("/") ? INDEX : path;
        PageFile known = found.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null || !PATH.matcher(name).matches()) {
            return Optional.empty();
        }
        Optional<PageFile> read = read(name, type);
        read.ifPresent(file -> found.put(name, file));
        return read;
    }

    private Optional<PageFile> read(String name, String type) {
        try (InputStream file = PageFiles.class.getResourceAsStream(folder + name)) {
            if (file == null) {
                return Optional.empty();
            }
            byte[] content = file.readAllBytes();
            return Optional.of(new PageFile(ByteString.copyFrom(content), packed(content), type, tag(content)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteString packed(byte[] content) throws IOException {
        ByteString.Output packed = ByteString.newOutput();
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(content);
        }
        return packed.toByteString();
    }

    private static String tag(byte[] content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return "W/\"" + Base64.getUrlEncoder().withoutPadding().encodeToString(hash) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
