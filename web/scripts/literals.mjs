// Texts in the pages that no dictionary holds: words between tags, and words in attributes that people read or hear.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

const SRC = new URL('../src/', import.meta.url).pathname;
const READ = new Set(['alt', 'aria-description', 'aria-label', 'aria-valuetext', 'label', 'placeholder', 'title']);
const WORD = /\p{L}{2,}/u;
const GIVES_A_SIDE = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.PlusToken,
]);

/** Lines of `file:line text`. */
export function literals() {
  return readdirSync(SRC, { recursive: true, withFileTypes: true })
    .filter(({ name }) => name.endsWith('.tsx') && !name.endsWith('.test.tsx'))
    .flatMap(({ parentPath, name }) => literalsIn(join(parentPath, name)));
}

function literalsIn(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found = [];
  const note = (node, text) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    if (WORD.test(text)) found.push(`${relative(SRC, file)}:${line + 1} ${text.trim()}`);
  };
  const visit = (node) => {
    if (ts.isJsxText(node)) note(node, node.text);
    // Names of keys and codes are the same in every language.
    if (ts.isJsxElement(node) && /^(kbd|code)$/.test(node.openingElement.tagName.getText())) return;
    if (ts.isJsxAttribute(node) && READ.has(node.name.getText())) words(node.initializer);
    if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent)) words(node.expression);
    ts.forEachChild(node, visit);
  };
  /** A text written where it is shown, also as one side of a choice or in a template. */
  const words = (node) => {
    if (node === undefined) return;
    if (ts.isStringLiteralLike(node)) note(node, node.text);
    else if (ts.isTemplateExpression(node)) {
      note(node, [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(' '));
    } else if (ts.isJsxExpression(node) || ts.isParenthesizedExpression(node)) words(node.expression);
    else if (ts.isConditionalExpression(node)) for (const side of [node.whenTrue, node.whenFalse]) words(side);
    else if (ts.isBinaryExpression(node) && GIVES_A_SIDE.has(node.operatorToken.kind)) {
      for (const side of [node.left, node.right]) words(side);
    }
  };
  visit(source);
  return found;
}
