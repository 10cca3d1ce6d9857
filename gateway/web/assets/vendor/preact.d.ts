/* What htm's single file offers; the file itself is served from node_modules. */
import type { VNode } from 'preact';
export { h, render, Component, createContext } from 'preact';
export {
  useState, useReducer, useEffect, useLayoutEffect, useRef, useImperativeHandle, useMemo, useCallback, useContext, useDebugValue,
} from 'preact/hooks';
export const html: (strings: TemplateStringsArray, ...values: unknown[]) => VNode;
