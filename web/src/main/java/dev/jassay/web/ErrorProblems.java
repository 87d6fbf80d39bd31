package dev.jassay.web;

import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Tells as problems what Jetty refuses by itself: requests that are no HTTP, are too large, or end in a defect here. */
final class ErrorProblems extends ErrorHandler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        problem(response.getStatus()).send(response, callback);
        return true;
    }

    private static Problem problem(int status) {
        return Problem.of(
                status,
                switch (status) {
                    case HttpStatus.BAD_REQUEST_400 -> "the request is not as HTTP/1.1 has it";
                    case HttpStatus.URI_TOO_LONG_414, HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 ->
                        "the request's line and headers are too large: they may have " + WebServer.MAX_HEADER_BYTES
                                + " bytes";
                    case HttpStatus.SERVICE_UNAVAILABLE_503 ->
                        "the server is shutting down: try again, or another server";
                    case HttpStatus.INTERNAL_SERVER_ERROR_500 ->
                        "the server failed on this request: report it to its operator, whose log says more";
                    default -> "the request cannot be served";
                });
    }
}
