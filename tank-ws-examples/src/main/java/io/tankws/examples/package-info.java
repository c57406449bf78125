/** Example servers and the code that the guide shows. */
package io.tankws.examples;
