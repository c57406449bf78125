package io.tankws;

/**
 * The data of an {@link ErrorEvent}, by its code. Kinds may be added.
 *
 * <p>Not to be implemented by applications; kinds may be added.
 */
public sealed interface ErrorDetails permits MissedMessages, TopicDenial {}
