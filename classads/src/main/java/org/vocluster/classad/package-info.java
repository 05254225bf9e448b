/**
 * The ClassAd language of HTCondor: values, expressions, ads, matching, and the text forms they are
 * read from and written to.
 *
 * <p>One flat package behind the module's wall: what is public is for everybody, and the rest is
 * known to nobody outside. A map of it, from what others use to what carries that:
 *
 * <ul>
 *   <li>data: {@link ClassAd}, {@link Expr}, {@link Value}; how they read and answer: {@link
 *       Language} (of {@link Mode} and {@link Dialect}), {@link EvalContext}, {@link UserDatabase}
 *   <li>text forms: {@link LongForm}, {@link NewForm}, {@link JsonForm}, {@link XmlForm}, and
 *       {@link ClassAdSyntaxException}; what they share: {@code FormWriter}, {@code XmlReader}
 *   <li>reading: {@code Parser} over {@code Lexer}, {@code Token}, {@code StringLiterals}
 *   <li>writing: {@code Printer}, {@code PrettyPrinter}, {@code Order} of the attributes
 *   <li>the kinds of {@code Expr}, one file each: {@code Literal}, {@code Reference}, {@code Side},
 *       {@code Unary}, {@code Binary}, {@code Conditional}, {@code Subscript}, {@code Call}, {@code
 *       ListExpr}, {@code AdExpr}
 *   <li>evaluation: {@code Evaluation} in {@code Scope}s; {@code Op} and {@code Operators}; {@code
 *       DeepStack} for what nests deep
 *   <li>functions: {@code Builtin} lists them, the eight {@code …Functions} do their work
 *   <li>matching: {@link Match} with {@code MatchScopes}
 *   <li>looking into expressions: {@link Mentions}, {@link References} with {@code
 *       ReferenceFinder}, {@code Flattener}
 *   <li>bytes and names: {@code ByteText}, {@code ByteBuilder}, {@code Name}
 *   <li>C's ways: {@code Numbers} and {@code Power}, {@code Times} and {@code BrokenTime}, {@code
 *       Pcre}
 * </ul>
 */
@NullMarked
package org.vocluster.classad;

import org.jspecify.annotations.NullMarked;
