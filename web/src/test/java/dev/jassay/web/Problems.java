package dev.jassay.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.http.HttpResponse;
import java.util.List;

/** What problems look like. */
final class Problems {
    private Problems() {}

    /** @param fields those whose violations are told */
    static JsonObject assertProblem(HttpResponse<String> answer, int status, String reason, String... fields) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        return assertProblem(answer.body(), status, reason, fields);
    }

    static JsonObject assertProblem(String body, int status, String reason, String... fields) {
        JsonObject problem = JsonParser.parseString(body).getAsJsonObject();
        assertThat(problem.get("type").getAsString()).isEqualTo("about:blank");
        assertThat(problem.get("title").getAsString()).isNotBlank();
        assertThat(problem.get("status").getAsInt()).isEqualTo(status);
        assertThat(problem.get("detail").getAsString()).isNotBlank();
        String told = problem.has("reason") ? problem.get("reason").getAsString() : "";
        assertThat(told).as(body).isEqualTo(reason);
        List<String> violated = problem.has("violations")
                ? problem.getAsJsonArray("violations").asList().stream()
                        .map(JsonElement::getAsJsonObject)
                        .peek(violation -> assertThat(
                                        violation.get("description").getAsString())
                                .isNotBlank())
                        .map(violation -> violation.get("field").getAsString())
                        .toList()
                : List.of();
        assertThat(violated).containsExactly(fields);
        return problem;
    }
}
