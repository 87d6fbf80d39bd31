/** The service over HTTP, and the page. */
@NullMarked
package dev.jassay.web;

import org.jspecify.annotations.NullMarked;
