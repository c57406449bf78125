package io.tankws;

/** A rule that this library made, which decides at once and never blocks. */
record BuiltInOriginRule(OriginRule rule) implements OriginRule {
    @Override
    public boolean allows(HandshakeRequest request) {
        return rule.allows(request);
    }
}
