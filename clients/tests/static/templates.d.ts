// What a template is checked against (templates.js): the data of its page with what every page has, and its methods.

type Frame$ = import("../../miniprogram/lib/frame").Frame;
type Method$ = (...given: any[]) => any;
type Framed$ = Record<"onNoticeAct" | "onPressingSeen" | "onInput" | "onPhotoFail" | "reload", Method$>;
type Around$ = Omit<WechatMiniprogram.Page.InstanceMethods<any>, "data" | "setData"> &
  import("../../miniprogram/lib/frame").Speaking &
  Record<string, any>;

declare function page$framed<T extends { data: object & Partial<Record<keyof Frame$, never>> }>(
  page: T & { data: Partial<Record<keyof Frame$, never>> } & ThisType<
      Omit<T, "data"> & { data: T["data"] & Frame$; setData: Sets<T["data"] & Frame$> } & Around$
    >,
): Omit<T, "data"> & Framed$ & { data: Closed$<T["data"]> & Frame$ };
declare function page$plain<T>(page: T): T;
declare function page$component<P = object, D = object, M = object>(
  component: {
    properties?: P;
    data?: D;
    methods?: M;
    observers?: object;
    lifetimes?: object;
    options?: object;
    pageLifetimes?: object;
    externalClasses?: string[];
  } & ThisType<ThisOf$<D, P>>,
): M & { data: Closed$<D> & Given$s<P> };
// What a script writes as an object is open to names it does not have; a template is not.
type Closed$<Data> = { [Name in keyof Data]: Flat$<Data[Name]> };
type Flat$<Data> = { [Name in keyof Data]: Data[Name] };
type Given$<P> = P extends { value: infer V } ? (V extends null ? any : V) : any;
type Given$s<P> = { [Name in keyof P]: Given$<P[Name]> };
type ThisOf$<D, P> = { data: D & Given$s<P>; setData: Sets<D> } & Record<string, any>;
declare function page$each<Item>(list: readonly Item[], each: (item: Item, index: number) => void): void;
declare function page$each(list: any, each: (item: any, index: number) => void): void;
