package dev.jassay.web;

import dev.jassay.engine.Progress;
import dev.jassay.server.RefusedException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * A body of {@code multipart/form-data}: a part {@code config}, if there is one, then a part {@code file}, which is taken as it comes and
 * kept nowhere. One thread.
 */
final class MultipartBody implements RequestBody.Taker {
    static final String CONFIG = "config";
    static final String FILE = "file";

    private static final int MAX_PART_HEADER_BYTES = 4 << 10;

    /** One too many, so that it is told by its name. */
    private static final int MAX_PARTS = 3;

    /** What the parts are for. */
    interface Parts {
        void configPiece(Content.Chunk piece) throws RefusedException, ProblemException;

        void configEnd() throws RefusedException, ProblemException;

        Progress filePiece(Content.Chunk piece) throws RefusedException, ProblemException;
    }

    private enum State {
        BEFORE_CONFIG,
        CONFIG,
        BEFORE_FILE,
        FILE,
        AFTER_FILE
    }

    private final Parts parts;
    private final MultiPart.Parser parser;

    private State state = State.BEFORE_CONFIG;
    private Progress progress = Progress.MORE;
    private boolean complete;
    private @Nullable Exception failure;

    MultipartBody(String boundary, Parts parts) {
        this.parts = parts;
        this.parser = new MultiPart.Parser(boundary, new Events());
        parser.setPartHeadersMaxLength(MAX_PART_HEADER_BYTES);
        parser.setMaxParts(MAX_PARTS);
    }

    @Override
    public Progress take(Content.Chunk piece) throws RefusedException, ProblemException {
        parser.parse(piece);
        Exception failed = failure;
        switch (failed) {
            case null -> {}
            case RefusedException refused -> throw refused;
            case ProblemException problem -> throw problem;
            default -> throw RequestBody.invalid("the body is no multipart/form-data: " + failed.getMessage());
        }
        return progress;
    }

    /** @throws ProblemException if the body ended too early for a result that was not certain yet */
    void requireWhole() throws ProblemException {
        if (!complete) {
            throw RequestBody.invalid("the body ends before its last boundary");
        }
        if (state != State.AFTER_FILE) {
            throw RequestBody.invalid("the body has no part named " + FILE + ": send the stream as one");
        }
    }

    /** What the parser finds. It takes what is thrown here for its own failure, so that is kept beside. */
    private final class Events implements MultiPart.Parser.Listener {
        private final Map<String, String> headers = new HashMap<>();

        @Override
        public void onPartBegin() {
            headers.clear();
        }

        @Override
        public void onPartHeader(String name, String value) {
            headers.put(name.toLowerCase(Locale.ROOT), value);
        }

        @Override
        public void onPartHeaders() {
            unlessFailed(() -> begin(headers));
        }

        @Override
        public void onPartContent(Content.Chunk piece) {
            unlessFailed(() -> content(piece));
        }

        @Override
        public void onPartEnd() {
            unlessFailed(MultipartBody.this::end);
        }

        @Override
        public void onComplete() {
            complete = true;
        }

        @Override
        public void onFailure(Throwable thrown) {
            unlessFailed(() -> {
                throw RequestBody.invalid("the body is no multipart/form-data: " + thrown.getMessage());
            });
        }
    }

    private interface Event {
        void happen() throws RefusedException, ProblemException;
    }

    private void unlessFailed(Event event) {
        if (failure == null) {
            try {
                event.happen();
            } catch (RefusedException | ProblemException e) {
                failure = e;
            }
        }
    }

    private void begin(Map<String, String> headers) throws ProblemException {
        String encoding = headers.getOrDefault("content-transfer-encoding", "binary");
        if (!encoding.matches("(?i)binary|8bit|7bit")) {
            throw RequestBody.invalid("a part is encoded as " + encoding + ": send it as it is");
        }
        switch (name(headers)) {
            case CONFIG -> {
                if (state != State.BEFORE_CONFIG) {
                    throw new ProblemException(Problem.of(
                            HttpStatus.BAD_REQUEST_400,
                            Problem.CONFIG_OUT_OF_ORDER,
                            "the part config comes first and at most once: send it before the part file"));
                }
                state = State.CONFIG;
            }
            case FILE -> {
                if (state == State.AFTER_FILE) {
                    throw RequestBody.invalid("a second part named file: send one stream a request");
                }
                state = State.FILE;
            }
            default -> throw RequestBody.invalid("there are two parts, config and file: leave out all others");
        }
    }

    private static String name(Map<String, String> headers) {
        Map<String, String> parameters = new HashMap<>();
        String disposition = headers.getOrDefault(HttpHeader.CONTENT_DISPOSITION.lowerCaseName(), "");
        String kind = HttpField.getValueParameters(disposition, parameters);
        return "form-data".equalsIgnoreCase(kind) ? parameters.getOrDefault("name", "") : "";
    }

    private void content(Content.Chunk piece) throws RefusedException, ProblemException {
        if (state == State.CONFIG) {
            parts.configPiece(piece);
        } else if (progress == Progress.MORE) {
            progress = parts.filePiece(piece);
        }
    }

    private void end() throws RefusedException, ProblemException {
        if (state == State.CONFIG) {
            parts.configEnd();
            state = State.BEFORE_FILE;
        } else {
            state = State.AFTER_FILE;
        }
    }
}
