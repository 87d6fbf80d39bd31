/**
 * A small client of Jassay's service: it cuts a stream of bytes into messages, sends them no faster than the server takes them, and
 * gives back the typed result.
 */
@NullMarked
package dev.jassay.client;

import org.jspecify.annotations.NullMarked;
