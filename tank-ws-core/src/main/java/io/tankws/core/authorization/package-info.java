/** The calls of the topic authorizer, and their verdicts. */
@NullMarked
package io.tankws.core.authorization;

import org.jspecify.annotations.NullMarked;
