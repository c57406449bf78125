/** The calls of the topic authorizer, and their verdicts. */
package io.tankws.core.authorization;
