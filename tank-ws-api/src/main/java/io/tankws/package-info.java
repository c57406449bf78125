/**
 * What an application works with: {@link io.tankws.Manager}, {@link io.tankws.Client},
 * {@link io.tankws.Subscription}, and the events, limits and settings around them.
 *
 * <p>No parameter and no result is {@code null} unless its Javadoc says so; a {@code null} argument is answered by a
 * {@link java.lang.NullPointerException}.
 */
@NullMarked
package io.tankws;

import org.jspecify.annotations.NullMarked;
