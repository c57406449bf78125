package io.tankws.core.routing;

/** Access to the scheduling state of an audience, for tests of other packages. */
public final class AudienceState {
    private AudienceState() {}

    /** Lets the next sender be another one than the last. */
    public static void forgetSender(Audience audience) {
        audience.lastSender = -1;
    }
}
