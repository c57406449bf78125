/** Authentication and authorization by JSON Web Tokens. */
@NullMarked
package io.tankws.auth.jwt;

import org.jspecify.annotations.NullMarked;
