// What the search uses of MiniSearch 7.2.0 (minisearch.js).

export interface SearchResult {
  id: number;
  score: number;
  terms: string[];
  queryTerms: string[];
}

export interface SearchOptions {
  boost: { [field: string]: number };
  prefix: (term: string) => boolean;
  fuzzy: (term: string) => number | false;
  weights: { prefix: number; fuzzy: number };
  tokenize: (text: string) => string[];
}

export default class MiniSearch<T extends { id: number }> {
  constructor(options: {
    fields: string[];
    tokenize: (text: string, field: string) => string[];
    processTerm: (term: string) => string;
  });
  addAll(documents: T[]): void;
  search(query: string, options: SearchOptions): SearchResult[];
}
