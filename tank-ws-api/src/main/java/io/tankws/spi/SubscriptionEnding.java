package io.tankws.spi;

/** The reasons for which the manager or the application ends a subscription. Constants may be added. */
public enum SubscriptionEnding {
    /** The application ended the subscription. */
    UNSUBSCRIBED,
    /** The application revoked the access of the user. */
    REVOKED,
    /** The permission expired, and the topic authorizer did not renew it. */
    EXPIRED,
    /** Publications were lost to the subscriber, which must subscribe again from its last position. */
    INSUFFICIENT_STATE
}
