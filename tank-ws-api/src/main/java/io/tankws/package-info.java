/**
 * The types that applications use: {@link io.tankws.Manager}, {@link io.tankws.Client}, {@link
 * io.tankws.WebSocketServer} and their settings, events and exceptions.
 *
 * <p>Parameters and results are never {@code null} unless their Javadoc says so. A {@code null} argument causes a
 * {@link java.lang.NullPointerException}.
 */
@NullMarked
package io.tankws;

import org.jspecify.annotations.NullMarked;
