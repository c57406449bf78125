package io.tankws.core.routing;

import io.tankws.TopicDecision;

/**
 * The terms under which the topic authorizer has allowed a subscription.
 *
 * @param permission permission of the authorizer
 * @param number number of the permission; unique in the manager
 */
public record SubscriptionTerms(TopicDecision.Allowed permission, long number) {}
