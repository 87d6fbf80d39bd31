package dev.jassay.client;

import java.io.Serializable;

/**
 * A field of a config that the server does not accept.
 *
 * @param field its path, such as {@code validation.max_depth}; of a schema, there is one for each problem
 * @param description what is wrong with it
 */
public record FieldViolation(String field, String description) implements Serializable {}
